// Before a room can be shown: loading, or the reason why it cannot. And above it: how the connection is.
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import type { CloseReason } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { useNow } from '../../state/use';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Frame } from '../../ui/Frame';
import { Loading } from '../../ui/Loading';
import { Link } from '../../ui/router';
import { spelled } from '../../state/code';
import './room.css';

function Closed({ room, reason }: { room: Room; reason: CloseReason }) {
  const signIn = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  if (reason === 'no_session') {
    return (
      <Empty title={t('closed.no_session', { code: spelled(room.code) })}>
        <p>{t('closed.no_session.hint')}</p>
        <Link class="button" data-kind="primary" href="/">{t('closed.enter_code')}</Link>
      </Empty>
    );
  }
  if (reason === 'not_allowed') {
    return (
      <Empty title={t('closed.not_allowed')}>
        <p>{t('closed.not_allowed.hint')}</p>
        <div class="row">
          <Link class="button" data-kind="primary" href={signIn}>{t('closed.sign_in')}</Link>
          <Link class="button" href={`/s/${room.code}`}>{t('closed.as_attendee')}</Link>
        </div>
      </Empty>
    );
  }
  return (
    <Empty title={t(reason === 'version' ? 'closed.version' : 'closed.other')}>
      <Button kind="primary" onClick={() => location.reload()}>{t('common.reload')}</Button>
    </Empty>
  );
}

/** Says that the connection is away, when it comes back, and that nothing is lost. */
export function ConnectionBanner({ room }: { room: Room }) {
  const state = room.connection.state.value;
  const now = useNow(room, 1000) - room.now() + Date.now();
  const away = state.kind === 'waiting' || state.kind === 'offline' || state.kind === 'connecting';
  const unsent = room.outbox.value.length;
  useEffect(() => {
    if (!away) return;
    announce(t('connection.lost'));
    return () => announce(t('connection.back'));
  }, [away]);
  if (!away) return null;
  const seconds = state.kind === 'waiting' ? Math.max(1, Math.ceil((state.until - now) / 1000)) : 0;
  return (
    <div class="connection" data-kind={state.kind}>
      <span>
        {state.kind === 'offline' ? t('connection.offline')
          : state.kind === 'connecting' ? t('connection.connecting') : t('connection.waiting', { n: seconds })}
        {unsent > 0 && <> {t('connection.unsent', { n: unsent })}</>}
      </span>
      {state.kind !== 'connecting' && <Button small onClick={() => room.connection.retryNow()}>{t('connection.now')}</Button>}
    </div>
  );
}

export function RoomGate({ room, children }: { room: Room; children: () => ComponentChildren }) {
  const state = room.connection.state.value;
  const loaded = room.state.value.info !== null;
  if (state.kind === 'closed') return <Frame title=""><Closed room={room} reason={state.reason} /></Frame>;
  if (loaded) return <>{children()}</>;
  return (
    <Frame title="">
      {state.kind === 'connecting' || state.kind === 'live' ? <Loading /> : <ConnectionBanner room={room} />}
    </Frame>
  );
}
