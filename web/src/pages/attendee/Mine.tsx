// The reader's own questions in any state, with those that are still on their way.
import { t } from '../../i18n';
import type { AskCommand } from '../../net/protocol.gen';
import type { Room } from '../../state/store';
import { Empty } from '../../ui/Empty';
import { QuestionText } from '../room/QuestionText';
import { QuestionCard } from './QuestionCard';

function unsent(room: Room): { id: string; command: AskCommand }[] {
  return room.outbox.value.flatMap(({ id, command }) => (command.type === 'ask' ? [{ id, command }] : []));
}

export function mineCount(room: Room): number {
  return room.state.value.own.size + unsent(room).length;
}

export function Mine({ room, now }: { room: Room; now: number }) {
  const all = room.all.value;
  const own = [...room.state.value.own.values()].sort((a, b) => b.id - a.id);
  const waiting = unsent(room);
  if (own.length + waiting.length === 0) return <Empty title={t('mine.empty')}><p>{t('mine.empty.hint')}</p></Empty>;
  return (
    <>
      <p class="list-order small muted">{t('mine.order')}</p>
      <ul class="question-list">
        {waiting.reverse().map(({ id, command }) => (
          <li key={id}>
            <article class="question card">
              <div class="question-body">
                <QuestionText text={command.text} />
                <p class="question-meta small muted">
                  <span class="badge">{t('mine.sending')}</span>
                  {room.connection.state.value.kind !== 'live' && <span>{t('mine.sending.hint')}</span>}
                </p>
              </div>
            </article>
          </li>
        ))}
        {own.map((question) => (
          <li key={question.id}>
            <QuestionCard room={room} question={all.get(question.id) ?? question} now={now} own />
          </li>
        ))}
      </ul>
    </>
  );
}
