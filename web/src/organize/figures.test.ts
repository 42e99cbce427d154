import { describe, expect, it } from 'vitest';
import { durationOf, formatDuration, formatScore, formatShare, plotData, sharesOf, thinCurve } from './figures';

describe('durations', () => {
  it.each([
    [0, 'seconds', 0, 0], [59_400, 'seconds', 59, 0], [59_600, 'minutes', 1, 0], [90_000, 'minutes', 1, 30],
    [3_599_600, 'hours', 1, 0], [5_400_000, 'hours', 1, 30], [86_400_000, 'days', 1, 0], [-5, 'seconds', 0, 0],
    [129_600_000, 'days', 1, 12],
  ])('%d ms', (ms, unit, count, rest) => {
    expect(durationOf(ms)).toEqual({ unit, count, rest });
  });
  it('are said in the language', () => {
    expect(formatDuration(90_000, 'en')).toBe('1 min 30 sec');
    expect(formatDuration(120_000, 'en')).toBe('2 min');
    expect(formatDuration(90_000, 'zh-CN')).toContain('分钟');
  });
});

describe('shares', () => {
  it('of nothing are nothing', () => expect(sharesOf([0, 0])).toEqual([0, 0]));
  it('add up', () => expect(sharesOf([1, 1, 2])).toEqual([0.25, 0.25, 0.5]));
  it('are percentages', () => expect(formatShare(0.6667, 'en')).toBe('66.7%'));
  it('scores have a sign', () => {
    expect(formatScore(30, 'en')).toBe('+30');
    expect(formatScore(0, 'en')).toBe('0');
  });
});

describe('the curve', () => {
  it('keeps its peak when thinned', () => {
    const curve = Array.from({ length: 1000 }, (_, i) => [i * 10_000, i === 777 ? 500 : 10] as const);
    const thin = thinCurve(curve, 20);
    expect(thin).toHaveLength(20);
    expect(thin.some(([ms, here]) => ms === 7_770_000 && here === 500)).toBe(true);
  });
  it('stays as it is when short', () => {
    const curve = [[0, 1], [10_000, 2]] as const;
    expect(thinCurve(curve, 20)).toBe(curve);
  });
  it('goes to zero over a silence', () => {
    expect(plotData([[0, 5], [10_000, 6], [100_000, 4]])).toEqual([[0, 10, 20, 90, 100], [5, 6, 0, 0, 4]]);
  });
  it('knows the pace of a long session', () => {
    const curve = Array.from({ length: 400 }, (_, i) => [i * 90_000, 3] as const);
    expect(plotData(curve)[1].every((here) => here === 3)).toBe(true);
    expect(plotData([])).toEqual([[], []]);
  });
});
