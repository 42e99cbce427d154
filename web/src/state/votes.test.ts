import { describe, expect, it } from 'vitest';
import type { Entry } from '../net/outbox';
import { emptyRoom, type RoomState } from './room';
import { dropSettled, voteView, wishedVotes, type Settled } from './votes';

let last = 0;
function entry(question: number, on: boolean): Entry {
  return { id: String(++last), command: { type: 'vote', question, on }, sent: true };
}

function room(seq: number, ...votes: number[]): RoomState {
  return { ...emptyRoom, seq, votes: new Set(votes) };
}
const none = new Map<number, never>();

describe('wished votes', () => {
  it('are the last word on each question', () => {
    const asked: Entry = { id: 'a', command: { type: 'ask', text: 'Why?', name: '', anonymous: false }, sent: false };
    expect([...wishedVotes([entry(1, true), asked, entry(2, true), entry(1, false)])]).toEqual([[1, false], [2, true]]);
  });
});

describe('what is shown of a vote', () => {
  it.each([
    ['nothing', room(5), none, { on: false, delta: 0 }],
    ['a held vote', room(5, 1), none, { on: true, delta: 0 }],
    ['a wish to vote', room(5), new Map([[1, true]]), { on: true, delta: 1 }],
    ['a wish to take it back', room(5, 1), new Map([[1, false]]), { on: false, delta: -1 }],
    ['a wish that is true already', room(5, 1), new Map([[1, true]]), { on: true, delta: 0 }],
    ['a wish for another question', room(5), new Map([[2, true]]), { on: false, delta: 0 }],
  ] as const)('%s', (_, state, wished, expected) => {
    expect(voteView(state, wished, none, 1)).toEqual(expected);
  });

  it('keeps a taken vote in the count until its frame is there', () => {
    const settled = new Map<number, Settled>([[1, { delta: 1, seq: 8 }]]);
    expect(voteView(room(7, 1), none, settled, 1)).toEqual({ on: true, delta: 1 });
    expect(voteView(room(8, 1), none, settled, 1)).toEqual({ on: true, delta: 0 });
  });

  it('adds up a taken vote and the wish to take it back', () => {
    const settled = new Map<number, Settled>([[1, { delta: 1, seq: 8 }]]);
    expect(voteView(room(7, 1), new Map([[1, false]]), settled, 1)).toEqual({ on: false, delta: 0 });
  });
});

describe('taken votes', () => {
  const settled = new Map<number, Settled>([[1, { delta: 1, seq: 8 }], [2, { delta: -1, seq: 10 }]]);
  it('are forgotten once the counts contain them', () => {
    expect([...dropSettled(settled, 8).keys()]).toEqual([2]);
    expect(dropSettled(settled, 10).size).toBe(0);
  });
  it('stay the same value when none is', () => {
    expect(dropSettled(settled, 7)).toBe(settled);
  });
});
