import { describe, expect, it } from 'vitest';
import { settle } from './held';

describe('settle', () => {
  it('lets join what comes after everything shown', () => {
    expect(settle([1, 2], [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  });

  it('holds back what would push others down', () => {
    expect(settle([2, 4], [1, 2, 3, 4])).toEqual([2, 4]);
    expect(settle([2, 4], [3, 4, 2, 5])).toEqual([2, 4, 5]);
  });

  it('keeps the order that is shown, and lets go what is gone', () => {
    expect(settle([3, 1, 2], [2, 3])).toEqual([3, 2]);
  });

  it('fills an empty column at once', () => {
    expect(settle([], [5, 6])).toEqual([5, 6]);
    expect(settle([9], [5, 6])).toEqual([5, 6]);
  });
});
