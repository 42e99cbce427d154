// Text as the server will take it: without white space around it, and without characters that it refuses and nobody can
// see (they come along when people paste). Length is counted in code points, after that.
const nothing = /[\s\u0085\u200b]/; // what the server trims: a zero-width space looks like nothing too

export function cleaned(text: string): string {
  const plain = text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])\p{Cc}|\p{Cs}/gu, '');
  let from = 0;
  let to = plain.length;
  while (from < to && nothing.test(plain[from]!)) from++;
  while (to > from && nothing.test(plain[to - 1]!)) to--;
  return plain.slice(from, to);
}

export function lengthOf(text: string): number {
  return [...cleaned(text)].length;
}

/** The beginning of a text on one line, to say which one is meant. */
export function excerpt(text: string, max = 48): string {
  const points = [...text.replace(/\s+/g, ' ')];
  return points.length <= max ? points.join('') : `${points.slice(0, max - 1).join('').trimEnd()}…`;
}
