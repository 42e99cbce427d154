// The projector's page and its overlay variant for streams. It reads what the public may see, never the reader's own
// view: the machine at the projector may belong to somebody who has asked without a name.
import { t } from '../i18n/hall';
import { useRoom } from '../state/use';
import { useTitle } from '../ui/Frame';
import { RoomGate } from './room/RoomGate';
import { displayOf, useDisplay, useIdleCursor } from './stage/display';
import { Overlay } from './stage/Overlay';
import { Projector } from './stage/Projector';
import { useWakeLock } from './stage/wakeLock';

export default function StagePage({ code }: { code?: string }) {
  const room = useRoom(code!, 'stage');
  const display = displayOf(location.search);
  const ready = useDisplay(display);
  const { info } = room.state.value;
  useTitle(t('stage.title', { title: info?.title ?? code! }));
  useIdleCursor();
  useWakeLock();
  if (!ready) return null;
  // A stream does not show that something is loading.
  if (display.overlay && !info && room.connection.state.value.kind !== 'closed') return null;
  return <RoomGate room={room}>{() => display.overlay ? <Overlay room={room} /> : <Projector room={room} />}</RoomGate>;
}
