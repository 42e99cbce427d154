// The question that is being answered. Its place is kept while there is none, so that the list below stays where it is.
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import type { Room } from '../../state/store';
import { announce } from '../../ui/announce';
import { QuestionText } from '../room/QuestionText';
import { namesPolicy } from './gates';
import { AskerName } from './QuestionCard';
import { VoteButton } from './VoteButton';
import './OnStage.css';

export function OnStage({ room }: { room: Room }) {
  const id = useId();
  const question = room.onStage.value;
  const { info, own } = room.state.value;
  const before = useRef(question?.id);
  useEffect(() => {
    if (question && before.current !== question.id) announce(t('stage.announce', { text: question.text }));
    before.current = question?.id;
  }, [question?.id]);
  if (!question) return info!.state === 'live' ? <p class="stage-empty small muted">{t('stage.empty')}</p> : null;
  const isOwn = own.has(question.id);
  const isOver = info!.state === 'ended' || info!.state === 'archived';
  return (
    <section class="stage-now" aria-labelledby={`${id}-title`}>
      <h2 class="stage-title" id={`${id}-title`}>{t(isOver ? 'stage.last' : 'stage.now')}</h2>
      <div class="stage-line">
        <div class="stage-text" id={id}><QuestionText text={question.text} /></div>
        <VoteButton room={room} question={question} describedBy={id} />
      </div>
      <p class="question-meta small">
        {isOwn && <span class="badge" data-tone="accent">{t('list.yours')}</span>}
        <AskerName names={namesPolicy(info!)} question={question} own={isOwn} />
      </p>
    </section>
  );
}
