// A question in a list: the vote, the words, who asked and when, what became of it.
import { useId, useMemo } from 'preact/hooks';
import { t } from '../../i18n';
import { formatAgo } from '../../i18n/format';
import type { QuestionRecord, QuestionState } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { Answer } from '../room/Answer';
import { QuestionText } from '../room/QuestionText';
import { fates } from './fate';
import { Folded } from './Folded';
import { namesPolicy, type NamesPolicy } from './gates';
import { OwnQuestion } from './OwnQuestion';
import { VoteButton } from './VoteButton';
import './QuestionCard.css';

const counted: readonly QuestionState[] = ['live', 'stage', 'answered'];

interface QuestionCardProps {
  room: Room;
  question: QuestionRecord;
  now: number;
  own?: boolean;
  isNew?: boolean;
  /** The list says the state by itself. */
  plain?: boolean;
  /** In a list that it does not belong to any more, where nothing may grow; not said outside of the lists. */
  brief?: boolean;
}

export function AskerName({ names, question, own }: { names: NamesPolicy; question: QuestionRecord; own?: boolean }) {
  if (question.name) {
    const forHosts = own && names === 'hosts';
    return <span class="asker-name">{forHosts ? t('list.name.hosts', { name: question.name }) : <bdi>{question.name}</bdi>}</span>;
  }
  return names === 'shown' || names === 'choice' ? <span class="asker-name">{t('list.anonymous')}</span> : null;
}

function Card({ room, question, names, now, own, isNew, plain, brief }: QuestionCardProps & { names: NamesPolicy }) {
  const id = useId();
  const fate = fates[question.state];
  return (
    <article class="question card" data-state={question.state} data-new={isNew || undefined}
      data-mine={brief === undefined || undefined}>
      {counted.includes(question.state) && <VoteButton room={room} question={question} describedBy={id} />}
      <div class="question-body">
        <Folded id={id}><QuestionText text={question.text} /></Folded>
        <p class="question-meta small muted">
          {!plain && <span class="badge" data-tone={fate.tone}>{t(fate.label)}</span>}
          {own && plain && <span class="badge" data-tone="accent">{t('list.yours')}</span>}
          {isNew && <span class="badge" data-tone="accent">{t('list.new')}</span>}
          <AskerName names={names} question={question} own={own} />
          <span>{formatAgo(question.asked_at, now)}</span>
        </p>
        {own && <OwnQuestion room={room} question={question} />}
        {!brief && <Answer question={question} />}
      </div>
    </article>
  );
}

/** Drawn again only when something in it has changed: a busy room sends many frames a second, each a new state. */
export function QuestionCard(props: QuestionCardProps) {
  const { room, question, now, own, isNew, plain, brief } = props;
  const names = namesPolicy(room.state.value.info!);
  return useMemo(() => <Card {...props} names={names} />, [room, question, names, now, own, isNew, plain, brief]);
}
