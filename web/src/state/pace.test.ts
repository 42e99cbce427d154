import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test('the first is shown at once, those that follow closely are shown together', () => {
  const show = vi.fn();
  const pace = new Pace(show, 100);
  pace.soon();
  expect(show).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 5; i++) pace.soon();
  vi.advanceTimersByTime(90);
  expect(show).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(20);
  expect(show).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(show).toHaveBeenCalledTimes(2);
  pace.soon();
  expect(show).toHaveBeenCalledTimes(3);
});

test('what the reader did does not wait, and takes along what waited', () => {
  const show = vi.fn();
  const pace = new Pace(show, 100);
  pace.soon();
  pace.soon();
  pace.now();
  expect(show).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(show).toHaveBeenCalledTimes(2);
});

test('the rest begins after the drawing', () => {
  const show = vi.fn();
  const pace = new Pace(show, 100);
  pace.soon();
  vi.setSystemTime(Date.now() + 5000); // the drawing
  vi.advanceTimersByTime(1);
  pace.soon();
  vi.advanceTimersByTime(90);
  expect(show).toHaveBeenCalledTimes(1);
});

test('nothing is shown after the end', () => {
  const show = vi.fn();
  const pace = new Pace(show, 100);
  pace.soon();
  pace.soon();
  pace.stop();
  vi.advanceTimersByTime(1000);
  expect(show).toHaveBeenCalledTimes(1);
});
