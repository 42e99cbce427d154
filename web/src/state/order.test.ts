import { describe, expect, it } from 'vitest';
import { heldOrder, orderChange, withTail } from './order';

describe('what would change', () => {
  it.each([
    ['nothing', [1, 2, 3], [1, 2, 3], 0, 0],
    ['one new', [1, 2], [1, 3, 2], 1, 0],
    ['the last moves to the top', [1, 2, 3, 4], [4, 1, 2, 3], 0, 1],
    ['the first moves to the end', [1, 2, 3, 4], [2, 3, 4, 1], 0, 1],
    ['two change places', [1, 2, 3], [2, 1, 3], 0, 1],
    ['all the other way round', [1, 2, 3, 4], [4, 3, 2, 1], 0, 3],
    ['what is gone is no move', [1, 2, 3], [1, 3], 0, 0],
    ['new, gone and moved', [1, 2, 3], [9, 3, 1], 1, 1],
    ['from nothing', [], [1, 2], 2, 0],
    ['to nothing', [1, 2], [], 0, 0],
  ])('%s', (_, shown, target, fresh, moved) => {
    expect(orderChange(shown, target)).toEqual({ fresh, moved });
  });
});

describe('the held order', () => {
  it('moves nothing, lets nothing in, and drops what is gone', () => {
    expect(heldOrder([3, 1, 2], [5, 1, 3])).toEqual([3, 1]);
  });
  it('does not touch what it is given', () => {
    const shown = [1, 2];
    heldOrder(shown, [2]);
    expect(shown).toEqual([1, 2]);
  });
});

describe('a held list with a tail', () => {
  it('takes in only what belongs below everything shown, at its end', () => {
    expect(withTail([3, 1], [4, 1, 5, 3, 6, 7])).toEqual([3, 1, 6, 7]);
    expect(withTail([3, 1], [1, 3])).toEqual([3, 1]);
    expect(withTail([9], [1, 2])).toEqual([9, 1, 2]); // nothing of what is shown waits any more
    expect(withTail([], [2, 1])).toEqual([2, 1]);
  });
});
