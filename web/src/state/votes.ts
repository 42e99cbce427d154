// Votes are shown at once and corrected by the server. A vote that the server has taken keeps its effect on the count
// until the frame that contains it has arrived, so that the number does not jump back for a moment.
import type { Entry } from '../net/outbox';
import type { RoomState } from './room';

/** A vote that is committed as of `seq`, on a question whose count we may not have yet. */
export interface Settled {
  delta: number;
  seq: number;
}

export interface VoteView {
  on: boolean;
  /** To be added to the question's count. */
  delta: number;
}

/** What the reader wants, out of the commands that nobody has answered; the last word counts. */
export function wishedVotes(entries: readonly Entry[]): Map<number, boolean> {
  const wished = new Map<number, boolean>();
  for (const { command } of entries) {
    if (command.type === 'vote') wished.set(command.question, command.on);
  }
  return wished;
}

export function voteView(
  room: RoomState, wished: ReadonlyMap<number, boolean>, settled: ReadonlyMap<number, Settled>, question: number,
): VoteView {
  const held = room.votes.has(question);
  const on = wished.get(question) ?? held;
  const late = settled.get(question);
  const delta = (on === held ? 0 : on ? 1 : -1) + (late && late.seq > room.seq ? late.delta : 0);
  return { on, delta };
}

/** Forget what the counts of `seq` contain by now. */
export function dropSettled(settled: ReadonlyMap<number, Settled>, seq: number): ReadonlyMap<number, Settled> {
  const waiting = [...settled].filter(([, vote]) => vote.seq > seq);
  return waiting.length === settled.size ? settled : new Map(waiting);
}
