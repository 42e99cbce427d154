// One tap votes, one tap takes it back; the count is the server's, with the reader's own wish on top. Where there is no
// voting the button stays and says why when it is tapped; on what is over there is only the count.
import { formatNumber, t } from '../../i18n';
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

export function VoteButton({ room, question, describedBy }: VoteButtonProps) {
  const info = room.state.value.info!;
  const { on, delta } = room.voteOn(question.id);
  const votes = Math.max(0, question.votes + delta);
  const open = question.state === 'live' || question.state === 'stage';
  const bar = voteBar(info, room.isHostSide);
  if (!open || bar === 'list.vote.over') {
    return (
      <span class="vote votes" data-static data-on={on || undefined}>
        <Arrow />
        <span aria-hidden="true">{formatNumber(votes)}</span>
        <span class="sr-only">{t('list.votes', { n: votes })}</span>
      </span>
    );
  }
  const press = () => {
    if (bar) showToast(t(bar));
    else room.vote(question.id, !on);
  };
  return (
    <button type="button" class="vote votes" aria-pressed={on} aria-disabled={bar ? true : undefined} aria-describedby={describedBy}
      aria-label={t('list.vote', { n: votes })} title={bar ? t(bar) : undefined} onClick={press}>
      <Arrow />
      <span aria-hidden="true">{formatNumber(votes)}</span>
    </button>
  );
}
