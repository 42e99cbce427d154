// A part of the program could not be loaded: the network is away, or the server has a newer version.
import { t } from '../i18n';
import { Button } from './Button';

export function Failure() {
  return (
    <main class="empty" role="alert">
      <h1>{t('failure.title')}</h1>
      <p>{t('failure.text')}</p>
      <Button kind="primary" onClick={() => location.reload()}>{t('common.reload')}</Button>
    </main>
  );
}
