// The attendee's one screen: what is on stage, the box to ask, the lists. What it says changes with the session's state; what
// the reader typed does not.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { readCode } from '../state/code';
import type { Room } from '../state/store';
import { useKeptText, useNow, useRoom } from '../state/use';
import { Frame } from '../ui/Frame';
import { Loading } from '../ui/Loading';
import { address, navigate } from '../ui/router';
import { AskBox, AskClosed } from './attendee/AskBox';
import { FeedbackForm } from './attendee/FeedbackForm';
import { askGate, type AskProblem } from './attendee/gates';
import { useNews, useRefusalToasts } from './attendee/hooks';
import { useSteady } from './attendee/layout';
import { OnStage } from './attendee/OnStage';
import { QuestionLists, showMine } from './attendee/QuestionLists';
import { RoomHead } from './attendee/RoomHead';
import { Standing } from './attendee/Standing';
import { ConnectionBanner, RoomGate } from './room/RoomGate';
import './attendee/attendee.css';

function InRoom({ room }: { room: Room }) {
  const now = useNow(room, 30_000);
  const draft = useKeptText(`lectern.ask.${room.code}`);
  const problem = useSignal<AskProblem | null>(null);
  const above = useRef<HTMLDivElement>(null);
  useNews(room, draft, problem, showMine);
  useRefusalToasts(room);
  useSteady(above, '.lists');
  const gate = askGate(room.state.value.info!, room.isHostSide);
  return (
    <Frame title={room.state.value.info!.title} head={<><ConnectionBanner room={room} /><RoomHead room={room} /></>}>
      <div class="attendee">
        <div class="above" ref={above}>
          <Standing room={room} now={now} />
          <OnStage room={room} />
          <FeedbackForm room={room} />
          {gate !== 'open' && <AskClosed text={draft.value} reason={gate === 'closed' ? t('ask.closed') : null} />}
        </div>
        {gate === 'open' && <AskBox room={room} draft={draft} problem={problem} />}
        <QuestionLists room={room} now={now} />
      </div>
    </Frame>
  );
}

function Attendee({ code }: { code: string }) {
  const room = useRoom(code, 'attendee');
  return <RoomGate room={room}>{() => <InRoom room={room} />}</RoomGate>;
}

/** An address that was typed with look-alikes or in lower case becomes the right one, which can be shared. */
export default function AttendeePage({ code = '' }: { code?: string }) {
  const read = readCode(code);
  const right = read.kind === 'whole' ? read.code : code;
  useEffect(() => {
    if (right !== code) navigate(`/s/${right}${address.peek().search}`, { replace: true });
  }, [right, code]);
  return right === code ? <Attendee code={code} /> : <Loading />;
}
