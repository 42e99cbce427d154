import { describe, expect, it } from 'vitest';
import { questionStates } from '../net/protocol.gen';
import { filters, inOrder, momentsOf, ofKind } from './reviewTables';
import type { ReviewQuestion } from './types';

const question = (id: number, change: Partial<ReviewQuestion> = {}): ReviewQuestion => ({
  id, text: `Question ${id}`, state: 'live', votes: 0, name: '', asked_at: id * 1000, published_at: null, staged_at: null,
  answered_at: null, reply: '', reply_private: false, reason: 'none', note: '', ...change,
});

describe('the questions of a review', () => {
  it('are each of one kind', () => {
    const all = questionStates.map((state, i) => question(i, { state }));
    const kinds = filters.filter((filter) => filter !== 'all').flatMap((filter) => ofKind(all, filter));
    expect(kinds.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id));
    expect(ofKind(all, 'all')).toEqual(all);
  });
  it('stand in one order, whatever order they come in', () => {
    const all = [question(1, { votes: 2 }), question(2, { votes: 5 }), question(3, { votes: 2 })];
    expect(inOrder(all, 'votes').map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(inOrder([...all].reverse(), 'votes').map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(inOrder([...all].reverse(), 'asked').map(({ id }) => id)).toEqual([1, 2, 3]);
  });
  it('know their moments', () => {
    expect(momentsOf([question(1, { answered_at: 9000 }), question(2)])).toEqual([1000, 9000, 2000]);
  });
});
