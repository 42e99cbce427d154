// Which question stands in which column, and in which order. Pure.
import type { QuestionRecord, QuestionState } from '../../net/protocol.gen';
import { byAge, byVotes, questionsIn, type Questions } from '../../state/room';

export const columnNames = ['review', 'live', 'stage', 'done'] as const;
export type ColumnName = (typeof columnNames)[number];

export const sorts = ['votes', 'newest', 'oldest'] as const;
export type Sort = (typeof sorts)[number];

export const doneKinds = ['all', 'answered', 'rejected', 'archived'] as const;
export type DoneKind = (typeof doneKinds)[number];

export interface View {
  sort: Sort;
  done: DoneKind;
  /** Words that all have to be there. */
  filter: string;
  /** Questions of this person alone (0: of all). */
  asker: number;
}

export type Columns = Readonly<Record<ColumnName, readonly number[]>>;

const statesOf: Readonly<Record<ColumnName, readonly QuestionState[]>> = {
  review: ['pending'], live: ['live'], stage: ['stage'], done: ['answered', 'rejected', 'archived'],
};

type Order = (a: QuestionRecord, b: QuestionRecord) => number;
const orders: Readonly<Record<Sort, Order>> = { votes: byVotes, newest: (a, b) => b.id - a.id, oldest: byAge };
const byLatest: Order = (a, b) => b.state_at - a.state_at || b.id - a.id;

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

export function matches(question: QuestionRecord, filter: string): boolean {
  const text = plain([question.text, question.original, question.name, question.reply, question.note].join('\n'));
  return plain(filter).split(/\s+/).every((word) => text.includes(word));
}

export function columnOf(state: QuestionState): ColumnName | null {
  return columnNames.find((name) => statesOf[name].includes(state)) ?? null;
}

export function columnsOf(questions: Questions, view: View): Columns {
  const wanted = [...questions.values()].filter((question) =>
    (view.asker === 0 || question.asker === view.asker) && matches(question, view.filter));
  const ids = (states: readonly QuestionState[], order: Order) => questionsIn(wanted, states).sort(order).map(({ id }) => id);
  return {
    review: ids(statesOf.review, byAge),
    live: ids(statesOf.live, orders[view.sort]),
    stage: ids(statesOf.stage, byAge),
    done: ids(view.done === 'all' ? statesOf.done : [view.done], byLatest),
  };
}

/** How many questions each person has asked. A person who is not known (0) is nobody's double. */
export function askerCounts(questions: Questions): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { asker } of questions.values()) if (asker !== 0) counts.set(asker, (counts.get(asker) ?? 0) + 1);
  return counts;
}

/** The open question that was asked first: it has waited longest. */
export function longestWaiting(questions: Questions): QuestionRecord | null {
  return questionsIn(questions.values(), ['pending', 'live']).sort((a, b) => a.asked_at - b.asked_at || a.id - b.id)[0] ?? null;
}

/** The first part of a text, for a line that names a question. */
export function excerpt(text: string, max = 48): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('').trimEnd()}…`;
}
