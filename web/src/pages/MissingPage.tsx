import { t } from '../i18n';
import { Empty } from '../ui/Empty';
import { Frame } from '../ui/Frame';
import { Link } from '../ui/router';

export default function MissingPage() {
  return (
    <Frame title={t('missing.title')}>
      <Empty title={t('missing.title')}>
        <Link class="button" data-kind="primary" href="/">{t('missing.home')}</Link>
      </Empty>
    </Frame>
  );
}
