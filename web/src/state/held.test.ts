import { describe, expect, it } from 'vitest';
import { admit, hold } from './held';

const none = () => false;

describe('a held list', () => {
  it('counts what is new and what moved, and changes nothing', () => {
    expect(hold([1, 2, 3], [3, 1, 2, 4], none, none)).toEqual({ ids: [1, 2, 3], fresh: 1, moved: 1, left: 0 });
  });

  it('keeps a card that was taken up in its place, and drops one that is gone', () => {
    expect(hold([1, 2, 3, 4], [1, 4], (id) => id === 2, none)).toEqual({ ids: [1, 2, 4], fresh: 0, moved: 0, left: 1 });
  });

  it('shows what the reader asked for at once, where it belongs', () => {
    expect(hold([5, 1], [9, 5, 8, 1, 7], none, (id) => id !== 8)).toEqual({ ids: [9, 5, 1, 7], fresh: 1, moved: 0, left: 0 });
  });

  it('puts several in a row in their order', () => {
    expect(admit([1, 4], [1, 2, 3, 4, 5], () => true)).toEqual([1, 2, 3, 4, 5]);
    expect(admit([], [2, 1], () => true)).toEqual([2, 1]);
  });
});
