import { describe, expect, it } from 'vitest';
import { backoffMs, capMs } from './backoff';

const most = (attempt: number, hint: number | null = null) => backoffMs(attempt, hint, () => 1);

describe('the wait before the next try', () => {
  it('may be anything from nothing to its limit', () => {
    for (const share of [0, 0.25, 0.5, 1]) expect(backoffMs(2, null, () => share)).toBe(2000 * share);
  });
  it('doubles its limit up to the cap, and stays there', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 50, 5000].map((attempt) => most(attempt)))
      .toEqual([500, 1000, 2000, 4000, 8000, capMs, capMs, capMs, capMs]);
  });
  it('is what the server asked for at the first try only', () => {
    expect(most(0, 5000)).toBe(5000);
    expect(most(0, 30_000)).toBe(30_000);
    expect(most(0, 0)).toBe(0);
    expect(most(1, 5000)).toBe(1000);
  });
  it('is spread by itself, in whole milliseconds', () => {
    const waits = Array.from({ length: 200 }, () => backoffMs(3, null));
    expect(waits.every((wait) => Number.isInteger(wait) && wait >= 0 && wait <= 4000)).toBe(true);
    expect(new Set(waits).size).toBeGreaterThan(20);
  });
});
