import { t } from '../i18n/organize';
import { NotFound } from './parts';
import { Shell } from './Shell';

export default function MissingPage() {
  return <Shell title={t('not_found_title')}><NotFound /></Shell>;
}
