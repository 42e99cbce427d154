import { t } from '../i18n/organize';
import { Empty } from '../ui/Empty';
import { Link } from '../ui/router';
import { Shell } from './Shell';

export default function MissingPage() {
  return (
    <Shell title={t('title')}>
      <Empty title={t('not_found')}><Link href="/organize">{t('to_events')}</Link></Empty>
    </Shell>
  );
}
