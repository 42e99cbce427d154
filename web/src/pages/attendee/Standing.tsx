// What the session's state means for the reader, when it is not simply live.
import { useEffect, useRef } from 'preact/hooks';
import { t, type LiveKey } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import type { InfoRecord, SessionState } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { announce } from '../../ui/announce';
import { askGate } from './gates';

function startsLine(info: InfoRecord, now: number): string {
  if (!info.starts_at) return t('room.lobby.sometime');
  return info.starts_at <= now ? t('room.lobby.soon') : t('room.lobby.at', { time: formatDateTime(info.starts_at) });
}

function Lobby({ room, now }: { room: Room; now: number }) {
  const info = room.state.value.info!;
  const gate = askGate(info, room.isHostSide);
  return (
    <section class="note stack-s" aria-label={t('room.lobby')}>
      <h2>{startsLine(info, now)}</h2>
      <p>{t('room.lobby.wait')}</p>
      {gate !== 'closed' && <p>{t(gate === 'open' ? 'room.lobby.ahead' : 'room.lobby.later')}</p>}
    </section>
  );
}

const notes: Readonly<Partial<Record<SessionState, LiveKey>>> = { ended: 'room.ended', archived: 'room.archived' };

export function Standing({ room, now }: { room: Room; now: number }) {
  const { state } = room.state.value.info!;
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== state) announce(t('room.state', { state: t(`session.${state}`) }));
    before.current = state;
  }, [state]);
  if (state === 'scheduled' || state === 'draft') return <Lobby room={room} now={now} />;
  if (state === 'paused') return <p class="note" data-tone="warn">{t('room.paused')}</p>;
  const note = notes[state];
  return note ? <p class="note">{t(note)}</p> : null;
}
