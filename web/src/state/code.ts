// A join code as people type it: any case, full-width letters, spaces and hyphens, look-alikes. The server reads it the
// same way; here it is read as typed, to say at once what is wrong.
export const codeLength = 6;
const alphabet = /^[0-9A-HJKMNP-TV-Z]*$/;
const lookAlikes: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1', U: 'V' };

export type ReadCode =
  | { kind: 'empty' }
  | { kind: 'part'; missing: number }
  | { kind: 'whole'; code: string }
  | { kind: 'long' }
  | { kind: 'strange'; character: string };

export function readCode(typed: string): ReadCode {
  const address = /\/s\/([^/?#\s]+)/.exec(typed);
  const plain = (address?.[1] ?? typed).normalize('NFKC').toUpperCase().replace(/[\s\u200b\-‐-―_.]/g, '');
  const code = [...plain].map((character) => lookAlikes[character] ?? character).join('');
  if (code === '') return { kind: 'empty' };
  if (!alphabet.test(code)) return { kind: 'strange', character: [...code].find((c) => !alphabet.test(c))! };
  if (code.length > codeLength) return { kind: 'long' };
  return code.length < codeLength ? { kind: 'part', missing: codeLength - code.length } : { kind: 'whole', code };
}

/** Two groups are easier to read out and to type. */
export function spelled(code: string): string {
  return code.length === codeLength ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}
