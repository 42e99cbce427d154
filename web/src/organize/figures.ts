// Numbers of the review as people read them. Pure.

export type Curve = readonly (readonly [ms: number, here: number])[];

/** What makes a duration sayable: the largest unit that fits, and the next one. */
export interface Duration {
  unit: 'seconds' | 'minutes' | 'hours' | 'days';
  count: number;
  rest: number; // in the next smaller unit, 0 for seconds
}

export function durationOf(ms: number): Duration {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return { unit: 'seconds', count: seconds, rest: 0 };
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60), rest: seconds % 60 };
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return { unit: 'hours', count: Math.floor(minutes / 60), rest: minutes % 60 };
  const hours = Math.round(minutes / 60);
  return { unit: 'days', count: Math.floor(hours / 24), rest: hours % 24 };
}

export function formatDuration(ms: number, language: string): string {
  const { unit, count, rest } = durationOf(ms);
  const smaller = { seconds: null, minutes: 'second', hours: 'minute', days: 'hour' } as const;
  const say = (n: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(n);
  const next = smaller[unit];
  const first = say(count, unit.slice(0, -1));
  return next && rest > 0 ? `${first} ${say(rest, next)}` : first;
}

export function formatNumber(n: number, language: string, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(n);
}

export function formatShare(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** A recommend score has a sign: +30, 0, −12. */
export function formatScore(score: number, language: string): string {
  return new Intl.NumberFormat(language, { signDisplay: 'exceptZero', maximumFractionDigits: 0 }).format(score);
}

/** Shares of a distribution; all 0 when it is empty. */
export function sharesOf(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (all > 0 ? n / all : 0));
}

/** At most `rows` points of the curve for its table: the highest of each stretch, so that no peak is lost. */
export function thinCurve(curve: Curve, rows: number): Curve {
  if (curve.length <= rows) return curve;
  const size = curve.length / rows;
  return Array.from({ length: rows }, (_, i) => {
    const stretch = curve.slice(Math.floor(i * size), Math.floor((i + 1) * size));
    return stretch.reduce((best, point) => (point[1] > best[1] ? point : best));
  });
}

/** The least time between two samples: ten seconds, or more when the server had to thin out a long session. */
function stepOf(curve: Curve): number {
  return curve.slice(1).reduce((least, [ms], i) => Math.min(least, ms - curve[i]![0]), Infinity);
}

/**
 * The curve as uPlot takes it: seconds and people. Samples come at a steady pace while somebody is there; a longer
 * silence means that nobody was, so the line goes to zero instead of bridging it.
 */
export function plotData(curve: Curve): [number[], number[]] {
  const step = Math.max(10_000, stepOf(curve));
  const times: number[] = [];
  const here: number[] = [];
  let last: number | null = null;
  for (const [ms, n] of curve) {
    if (last !== null && ms - last > 4.5 * step) {
      times.push((last + step) / 1000, (ms - step) / 1000);
      here.push(0, 0);
    }
    times.push(ms / 1000);
    here.push(n);
    last = ms;
  }
  return [times, here];
}
