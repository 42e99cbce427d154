// Where the reader is: the session, its state, how many people are here.
import { t } from '../../i18n';
import type { SessionState } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { QuestionText } from '../room/QuestionText';
import './RoomHead.css';

const tones: Readonly<Partial<Record<SessionState, string>>> = { scheduled: 'accent', live: 'good', paused: 'warn' };

export function RoomHead({ room }: { room: Room }) {
  const { info, here } = room.state.value;
  const { title, event, state, description } = info!;
  return (
    <header class="room-head">
      <div class="room-head-inner">
        {event && <p class="small muted" dir="auto">{event}</p>}
        <h1 dir="auto">{title}</h1>
        <p class="room-facts small muted">
          <span class="badge" data-tone={tones[state]}>{t(`session.${state}`)}</span>
          {here > 0 && <span>{t('room.here', { n: here })}</span>}
        </p>
        {description && (
          <details class="room-about">
            <summary>{t('room.about')}</summary>
            <QuestionText text={description} />
          </details>
        )}
      </div>
    </header>
  );
}
