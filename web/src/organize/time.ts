// Times as people type and read them. A wall time is what <input type="datetime-local"> holds: "2026-05-04T18:30",
// meant in a named time zone. Pure.

const HOUR = 3_600_000;
const WALL = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?$/;

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Every zone the browser knows, and those that are in use here already. */
export function zoneNames(...inUse: readonly string[]): string[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set([...inUse, 'UTC', ...known])].filter(isZone).sort();
}

function partsIn(ms: number, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

export function toWall(ms: number | null, zone: string): string {
  if (ms === null) return '';
  const p = partsIn(ms, zone);
  return `${p.year!.padStart(4, '0')}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** Milliseconds that the zone is ahead of UTC at that moment. */
function offsetAt(ms: number, zone: string): number {
  const p = partsIn(ms, zone);
  const asUtc = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second));
  return asUtc - Math.floor(ms / 1000) * 1000;
}

/**
 * The moment of a wall time; null when it is none. A time that comes twice (clocks go back) is its first moment; one
 * that is skipped (clocks go forward) moves on by what was skipped.
 */
export function fromWall(wall: string, zone: string): number | null {
  const match = WALL.exec(wall);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1, 6).map(Number) as [number, number, number, number, number];
  const utc = Date.UTC(year, month - 1, day, hour, minute);
  if (month > 12 || new Date(utc).getUTCDate() !== day || hour > 23 || minute > 59) return null;
  const before = utc - offsetAt(utc - 24 * HOUR, zone);
  const after = utc - offsetAt(utc + 24 * HOUR, zone);
  const fits = [before, after].filter((ms) => offsetAt(ms, zone) === utc - ms);
  return fits.length > 0 ? Math.min(...fits) : before;
}

/** The next full hour after `now`, a day from now: what an empty form proposes. */
export function proposedStart(now: number): number {
  return Math.ceil((now + 24 * HOUR) / HOUR) * HOUR;
}

export function formatTime(ms: number, language: string, zone?: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(ms);
}

/** From when until when, without saying the day twice; '' when neither is known. */
export function formatSpan(starts: number | null, ends: number | null, language: string, zone?: string): string {
  if (starts === null) return ends === null ? '' : `– ${formatTime(ends, language, zone)}`;
  if (ends === null) return formatTime(starts, language, zone);
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return format.formatRange(starts, ends);
}

/** Do both zones show the same clock at that moment? */
export function sameClock(ms: number, zone: string, other: string): boolean {
  return offsetAt(ms, zone) === offsetAt(ms, other);
}

/** How to write moments that are read together: without the day when all are of one day. */
export function momentFormat(moments: readonly number[], language: string, zone?: string): (ms: number) => string {
  const dayOf = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeZone: zone });
  const ends = moments.reduce<[number, number]>(([low, high], ms) => [Math.min(low, ms), Math.max(high, ms)], [Infinity, -Infinity]);
  const sameDay = moments.length > 0 && dayOf.format(ends[0]) === dayOf.format(ends[1]);
  const style = sameDay ? { timeStyle: 'medium' } as const : { dateStyle: 'short', timeStyle: 'short' } as const;
  const format = new Intl.DateTimeFormat(language, { ...style, timeZone: zone });
  return (ms) => format.format(ms);
}
