// When a session is: on the reader's clock, and on the clock of the place where it is planned.
import { language } from '../i18n';
import { t } from '../i18n/organize';
import { browserZone, formatSpan, sameClock } from './time';
import type { Session } from './types';

export function Times({ session }: { session: Session }) {
  const { starts_at, ends_at, timezone } = session;
  const known = starts_at ?? ends_at;
  if (known === null) return <p class="muted">{t('event.no_time')}</p>;
  const span = (zone?: string) => formatSpan(starts_at, ends_at, language.value, zone);
  return (
    <dl class="pairs">
      <dt>{t('session.times_here')}</dt>
      <dd>{span()}</dd>
      {!sameClock(known, timezone, browserZone()) && (
        <>
          <dt>{timezone}</dt>
          <dd>{span(timezone)}</dd>
        </>
      )}
    </dl>
  );
}
