// Times as the reader reads them: own time zone, own language.
import { kept, language, type Language } from './index';

export function formatTime(ms: number): string {
  return new Intl.DateTimeFormat(language.value, { hour: 'numeric', minute: '2-digit' }).format(ms);
}

export function formatDateTime(ms: number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

/** Minutes and seconds of a clock that runs: 0:07, 12:30, 1:02:03. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const tail = `${two(seconds % 60)}`;
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000],
];

const agoFormats = new Map<Language, Intl.RelativeTimeFormat>();

/** "5 minutes ago"; below a minute: "now". */
export function formatAgo(then: number, now: number): string {
  const of = language.value;
  const format = kept(agoFormats, of, () => new Intl.RelativeTimeFormat(of, { numeric: 'auto', style: 'short' }));
  const age = Math.max(0, now - then);
  for (const [unit, length] of steps) {
    if (age >= length) return format.format(-Math.floor(age / length), unit);
  }
  return format.format(0, 'second');
}
