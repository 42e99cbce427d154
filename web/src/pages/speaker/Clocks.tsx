// The two clocks that a speaker looks at: how long this question takes already, and what is left of the session.
import { formatElapsed, formatTime } from '../../i18n/format';
import { t } from '../../i18n/hall';
import type { Room } from '../../state/store';
import { useNow } from '../../state/use';
import { sessionClock } from './clock';

function Figure({ label, value, tone }: { label: string; value: string; tone?: string }) {
  return (
    <div class="speaker-figure" role="timer" data-tone={tone}>
      <span class="small">{label}</span>
      <strong>{value}</strong>
    </div>
  );
}

export function Clocks({ room }: { room: Room }) {
  const now = useNow(room, 1000);
  const { info } = room.state.value;
  const question = room.onStage.value;
  const clock = sessionClock(info!, now);
  return (
    <div class="speaker-clocks">
      <Figure label={t('speaker.on_question')} value={question ? formatElapsed(now - question.state_at) : '–'} />
      {clock
        ? <Figure label={t(`speaker.${clock.kind}`)} value={formatElapsed(clock.ms)} tone={'tone' in clock ? clock.tone : undefined} />
        : <Figure label={t('speaker.time')} value={formatTime(now)} />}
    </div>
  );
}
