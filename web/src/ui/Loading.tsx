import { t } from '../i18n';

export function Loading() {
  return <div class="loading" role="status">{t('common.loading')}</div>;
}
