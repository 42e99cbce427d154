// For a phone on a lectern: the question, the time, and what comes next. Nothing else.
import { useEffect } from 'preact/hooks';
import { t as live } from '../i18n';
import { t } from '../i18n/hall';
import type { Room } from '../state/store';
import { useRoom } from '../state/use';
import { Frame } from '../ui/Frame';
import { FocusKeeper } from '../ui/focus';
import { ConnectionBanner, RoomGate } from './room/RoomGate';
import { Clocks } from './speaker/Clocks';
import { NextList } from './speaker/NextList';
import { OnStage } from './speaker/OnStage';
import './speaker/speaker.css';
import { useWakeLock } from './stage/wakeLock';

function Head({ room }: { room: Room }) {
  const info = room.state.value.info!;
  return (
    <header class="speaker-head">
      <ConnectionBanner room={room} />
      <div class="speaker-head-inner">
        <div class="speaker-title">
          <h1 dir="auto">{info.title}</h1>
          {info.state !== 'live' && <span class="badge" data-tone={info.state === 'paused' ? 'warn' : undefined}>{live(`session.${info.state}`)}</span>}
        </div>
        <Clocks room={room} />
      </div>
    </header>
  );
}

function Speaker({ room }: { room: Room }) {
  useEffect(() => new FocusKeeper().start(), []);
  return (
    <Frame title={t('speaker.title', { title: room.state.value.info!.title })} head={<Head room={room} />}>
      <div class="speaker">
        <OnStage room={room} />
        <NextList room={room} />
      </div>
    </Frame>
  );
}

export default function SpeakerPage({ code }: { code?: string }) {
  const room = useRoom(code!, 'speaker');
  useWakeLock();
  return <RoomGate room={room}>{() => <Speaker room={room} />}</RoomGate>;
}
