import { describe, expect, it } from 'vitest';
import { cleaned, excerpt, lengthOf } from './text';

describe('a text as the server takes it', () => {
  it.each([
    ['  How? \n', 'How?'],
    ['\u200b\u3000怎么做？\ufeff', '怎么做？'],
    ['a\r\nb\rc\td', 'a\nb\nc\td'],
    ['from\u0002 a\u000b PDF\u009f', 'from a PDF'],
    ['half \ud83d a face', 'half  a face'],
    [' \u200b\n ', ''],
  ])('%j becomes %j', (typed, taken) => expect(cleaned(typed)).toBe(taken));

  it('counts code points, not UTF-16 units, and only what stays', () => {
    expect(lengthOf(' 👩‍🚀 ')).toBe(3);
    expect(lengthOf('连接池')).toBe(3);
    expect(lengthOf('\u0000')).toBe(0);
  });
});

describe('an excerpt', () => {
  it('is one line, and never half a character', () => {
    expect(excerpt('One\n  line')).toBe('One line');
    expect(excerpt('😀'.repeat(10), 4)).toBe('😀😀😀…');
  });
});
