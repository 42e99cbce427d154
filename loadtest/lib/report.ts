// A table for people, or one JSON object for programs.
import type { Figure, Figures } from './scenario';

const tidy = (n: number) => (Number.isInteger(n) || Math.abs(n) >= 1000 ? Math.round(n) : Number(n.toPrecision(4)));

/** Numbers with no more digits than they can mean. */
export function rounded(figure: Figure): Figure {
  if (typeof figure === 'number') return Number.isFinite(figure) ? tidy(figure) : null;
  if (Array.isArray(figure)) return figure.map(rounded);
  if (figure && typeof figure === 'object') return Object.fromEntries(Object.entries(figure).map(([k, v]) => [k, rounded(v)]));
  return figure;
}

const plain = (figure: Figure): string =>
  typeof figure === 'number' ? figure.toLocaleString('en-US', { maximumFractionDigits: 4 })
    : figure && typeof figure === 'object' && !Array.isArray(figure)
      ? Object.entries(figure).map(([k, v]) => `${k} ${plain(v)}`).join(', ')
      : Array.isArray(figure) && figure.some((f) => f && typeof f === 'object') ? `\n${rows(figure)}` : String(figure);

/** A list of objects of one shape becomes a table of its own. */
function rows(list: Figure[]): string {
  const objects = list.filter((f): f is Figures => !!f && typeof f === 'object' && !Array.isArray(f));
  const names = [...new Set(objects.flatMap((o) => Object.keys(o)))];
  const cells = [names, ...objects.map((o) => names.map((n) => (n in o ? plain(o[n]!) : '')))];
  const widths = names.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) => '    ' + row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')).join('\n');
}

export function table(figures: Figures): string {
  const width = Math.max(...Object.keys(figures).map((k) => k.length));
  return Object.entries(figures).map(([name, figure]) => `${name.padEnd(width)}  ${plain(figure)}`).join('\n');
}
