// "Somebody asked this already": while the reader types, questions whose words are close, each with one tap to vote for it
// instead.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import type { QuestionRecord } from '../../net/protocol.gen';
import { questionsIn } from '../../state/room';
import { similarTo } from '../../state/similar';
import type { Room } from '../../state/store';
import { announce } from '../../ui/announce';
import { Button } from '../../ui/Button';
import { voteBar } from './gates';

const pauseMs = 250;
const most = 2;

/** Not at every key: the texts of a whole room are compared. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Choice({ room, question, votable, onVoted }: {
  room: Room; question: QuestionRecord; votable: boolean; onVoted(question: QuestionRecord): void;
}) {
  if (question.state === 'answered') return <span class="badge" data-tone="good">{t('mine.answered')}</span>;
  if (room.voteOn(question.id).on) return <span class="badge" data-tone="accent">{t('ask.similar.voted')}</span>;
  if (!votable) return null;
  return <Button aria-describedby={`similar-${question.id}`} onClick={() => onVoted(question)}>{t('ask.similar.vote')}</Button>;
}

export function Similar({ room, text, onVoted }: { room: Room; text: string; onVoted(question: QuestionRecord): void }) {
  const settled = useSettled(text);
  const { own, info } = room.state.value;
  const others = questionsIn(room.all.value.values(), ['live', 'stage', 'answered']).filter(({ id }) => !own.has(id));
  const found = similarTo(settled, others, most);
  const some = useRef(false);
  useEffect(() => {
    if (found.length > 0 && !some.current) announce(t('ask.similar'));
    some.current = found.length > 0;
  }, [found.length]);
  if (found.length === 0) return null;
  const votable = voteBar(info!, room.isHostSide) === null;
  return (
    <section class="similar" aria-label={t('ask.similar')}>
      <p class="similar-title small" aria-hidden="true">{t('ask.similar')}</p>
      <ul class="stack-s">
        {found.map((question) => (
          <li key={question.id} class="similar-line">
            <p id={`similar-${question.id}`} class="similar-text small" dir="auto">{question.text}</p>
            <Choice room={room} question={question} votable={votable} onVoted={onVoted} />
          </li>
        ))}
      </ul>
    </section>
  );
}
