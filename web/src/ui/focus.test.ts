import { describe, expect, it } from 'vitest';
import { neighbour } from './focus';

describe('neighbour', () => {
  it('stays where it is while the card is there', () => {
    expect(neighbour([1, 2, 3], [3, 2, 1], 2)).toBe(2);
  });

  it('goes to the next below, else to the next above', () => {
    expect(neighbour([1, 2, 3], [1, 3], 2)).toBe(3);
    expect(neighbour([1, 2, 3], [1, 2], 3)).toBe(2);
    expect(neighbour([1, 2, 3, 4], [1, 4], 2)).toBe(4);
    expect(neighbour([1, 2, 3], [1, 9], 3)).toBe(1);
  });

  it('takes any card before none', () => {
    expect(neighbour([1], [8, 9], 1)).toBe(8);
    expect(neighbour([1], [], 1)).toBeNull();
  });
});
