// What a page knows of a room, as one immutable value, and how each message changes it. Pure: no clock, no network.
import {
  policyTable,
  type FeedbackRecord, type InfoRecord, type LiveMessage, type MineMessage, type MoreMessage, type Policy,
  type QuestionRecord, type QuestionState, type SnapshotMessage,
} from '../net/protocol.gen';

export type Questions = ReadonlyMap<number, QuestionRecord>;

export interface RoomState {
  seq: number;
  info: InfoRecord | null;
  /** What the server keeps current: all questions for the host side, a window of them for everybody else. */
  questions: Questions;
  /** Loaded with "more": beyond the window, so not kept current. */
  extra: Questions;
  /** How many questions each list has, as last told by "more". */
  totals: Readonly<Record<string, number>>;
  /** The reader's own questions, in any state. */
  own: Questions;
  votes: ReadonlySet<number>;
  feedback: FeedbackRecord | null;
  here: number;
  peak: number;
}

export const emptyRoom: RoomState = {
  seq: 0, info: null, questions: new Map(), extra: new Map(), totals: {}, own: new Map(), votes: new Set(), feedback: null,
  here: 0, peak: 0,
};

function byId(questions: readonly QuestionRecord[]): Map<number, QuestionRecord> {
  return new Map(questions.map((question) => [question.id, question]));
}

export function applySnapshot(room: RoomState, message: SnapshotMessage): RoomState {
  return { ...room, seq: message.seq, info: message.info, questions: byId(message.questions), extra: new Map(), totals: {} };
}

function withCounts(questions: Questions, counts: ReadonlyMap<number, number>): Questions {
  const hit = [...counts].filter(([id, votes]) => questions.has(id) && questions.get(id)!.votes !== votes);
  if (hit.length === 0) return questions;
  const next = new Map(questions);
  for (const [id, votes] of hit) next.set(id, { ...next.get(id)!, votes });
  return next;
}

function without(questions: Questions, ids: readonly number[]): Questions {
  if (!ids.some((id) => questions.has(id))) return questions;
  const next = new Map(questions);
  for (const id of ids) next.delete(id);
  return next;
}

/** null: this frame starts after what we hold, something is missing. A frame that brings nothing new changes nothing. */
export function applyLive(room: RoomState, message: LiveMessage): RoomState | null {
  if (message.from > room.seq) return null;
  if (message.to <= room.seq) return room;
  const counts = new Map<number, number>();
  for (let i = 0; i + 1 < message.counts.length; i += 2) counts.set(message.counts[i]!, message.counts[i + 1]!);
  for (const question of message.questions) counts.set(question.id, question.votes);
  let questions = withCounts(room.questions, counts);
  if (message.questions.length > 0) questions = new Map([...questions, ...byId(message.questions)]);
  return {
    ...room,
    seq: message.to,
    info: message.info ?? room.info,
    questions: without(questions, message.gone),
    extra: without(withCounts(room.extra, counts), [...message.gone, ...message.questions.map(({ id }) => id)]),
    own: withCounts(room.own, counts),
  };
}

export function applyMine(room: RoomState, message: MineMessage): RoomState {
  return { ...room, own: byId(message.questions), votes: new Set(message.votes), feedback: message.feedback };
}

export function applyOwn(room: RoomState, questions: readonly QuestionRecord[]): RoomState {
  return { ...room, own: new Map([...room.own, ...byId(questions)]) };
}

export function applyMore(room: RoomState, message: MoreMessage): RoomState {
  const fresh = message.questions.filter(({ id }) => !room.questions.has(id));
  return {
    ...room,
    extra: new Map([...room.extra, ...byId(fresh)]),
    totals: { ...room.totals, [message.list]: message.total },
  };
}

export function applyVote(room: RoomState, question: number, on: boolean): RoomState {
  if (room.votes.has(question) === on) return room;
  const votes = new Set(room.votes);
  if (on) votes.add(question);
  else votes.delete(question);
  return { ...room, votes };
}

/** Everything the reader may see, the reader's own view of a question first. */
export function visibleQuestions(room: RoomState): Map<number, QuestionRecord> {
  const all = new Map([...room.extra, ...room.questions]);
  for (const [id, own] of room.own) {
    const shown = all.get(id);
    if (shown) all.set(id, { ...own, state: shown.state, votes: shown.votes, text: shown.text });
  }
  return all;
}

export const listNames = ['popular', 'newest', 'answered'] as const;
export type ListName = (typeof listNames)[number];

const order: Record<ListName, (a: QuestionRecord, b: QuestionRecord) => number> = {
  popular: (a, b) => b.votes - a.votes || a.id - b.id,
  newest: (a, b) => b.id - a.id,
  answered: (a, b) => b.state_at - a.state_at || b.id - a.id,
};

export function questionsIn(all: Iterable<QuestionRecord>, states: readonly QuestionState[]): QuestionRecord[] {
  return [...all].filter((question) => states.includes(question.state));
}

/** The ids of one list in its order. The question on stage has a place of its own. */
export function listOf(all: ReadonlyMap<number, QuestionRecord>, name: ListName): number[] {
  return questionsIn(all.values(), [name === 'answered' ? 'answered' : 'live']).sort(order[name]).map(({ id }) => id);
}

export function byAge(a: QuestionRecord, b: QuestionRecord): number {
  return a.id - b.id;
}
export const byVotes = order.popular;

export function staged(all: ReadonlyMap<number, QuestionRecord>): QuestionRecord | null {
  return questionsIn(all.values(), ['stage'])[0] ?? null;
}

export function policyOf(info: InfoRecord, policy: Policy): number {
  const row = policyTable[policy];
  return info.policies[row.index] ?? row.initial;
}
