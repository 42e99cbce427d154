// One tap votes, one tap takes it back; the count is the server's, with the reader's own wish on top. Where there is no
// voting the button stays and says why when it is tapped; on what is over there is only the count.
import { useMemo } from 'preact/hooks';
import { formatNumber, t, type LiveKey } from '../../i18n';
import type { QuestionRecord } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { showToast } from '../../ui/Toast';
import { voteBar } from './gates';
import './VoteButton.css';

interface VoteButtonProps {
  room: Room;
  question: QuestionRecord;
  /** The element with the question's text. */
  describedBy?: string;
}

function Arrow() {
  return <svg class="vote-arrow" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M8 3 14 11H2z" /></svg>;
}

function Count({ votes, on }: { votes: number; on: boolean }) {
  return (
    <span class="vote votes" data-static data-on={on || undefined}>
      <Arrow />
      <span aria-hidden="true">{formatNumber(votes)}</span>
      <span class="sr-only">{t('list.votes', { n: votes })}</span>
    </span>
  );
}

interface VoteProps {
  room: Room;
  id: number;
  votes: number;
  on: boolean;
  /** Why there is no voting. */
  bar: LiveKey | null;
  describedBy?: string;
}

function Vote({ room, id, votes, on, bar, describedBy }: VoteProps) {
  const press = () => {
    if (bar) showToast(t(bar));
    else room.vote(id, !on);
  };
  return (
    <button type="button" class="vote votes" aria-pressed={on} aria-disabled={bar ? true : undefined} aria-describedby={describedBy}
      aria-label={t('list.vote', { n: votes })} title={bar ? t(bar) : undefined} onClick={press}>
      <Arrow />
      <span aria-hidden="true">{formatNumber(votes)}</span>
    </button>
  );
}

/** Looks at every new state of the room; draws again only when it shows something else. */
export function VoteButton({ room, question: { id, state, votes: counted }, describedBy }: VoteButtonProps) {
  const { on, delta } = room.voteOn(id);
  const votes = Math.max(0, counted + delta);
  const bar = voteBar(room.state.value.info!, room.isHostSide);
  const over = (state !== 'live' && state !== 'stage') || bar === 'list.vote.over';
  return useMemo(() => over ? <Count votes={votes} on={on} /> : <Vote {...{ room, id, votes, on, bar, describedBy }} />,
    [room, id, votes, on, bar, over, describedBy]);
}
