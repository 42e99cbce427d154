import { describe, expect, it } from 'vitest';
import { readCode, spelled } from './code';

describe('a code as people type it', () => {
  it.each([
    ['RMPGF3', 'RMPGF3'],
    ['rmpgf3', 'RMPGF3'],
    ['rmp gf3', 'RMPGF3'],
    [' RMP-GF3 ', 'RMPGF3'],
    ['RMP–GF3', 'RMPGF3'],
    ['ＲＭＰ　ＧＦ３', 'RMPGF3'],
    ['R.M.P_GF3', 'RMPGF3'],
    ['RMP\u200bGF3', 'RMPGF3'],
    ['oOiIlL', '001111'],
    ['UUUUUU', 'VVVVVV'],
    ['https://example.org/s/RMPGF3', 'RMPGF3'],
    ['example.org/s/rmpgf3/stage?lang=en', 'RMPGF3'],
  ])('%s', (typed, code) => {
    expect(readCode(typed)).toEqual({ kind: 'whole', code });
  });

  it.each([
    ['', { kind: 'empty' }],
    [' - ', { kind: 'empty' }],
    ['RMP', { kind: 'part', missing: 3 }],
    ['RMPGF', { kind: 'part', missing: 1 }],
    ['RMPGF3X', { kind: 'long' }],
    ['RMP/F3', { kind: 'strange', character: '/' }],
    ['RM你好', { kind: 'strange', character: '你' }],
    ['RM🙂', { kind: 'strange', character: '🙂' }],
  ])('%s is not one', (typed, expected) => {
    expect(readCode(typed)).toEqual(expected);
  });
});

describe('spelled', () => {
  it('makes two groups, and leaves what is no code alone', () => {
    expect(spelled('RMPGF3')).toBe('RMP GF3');
    expect(spelled('RMP')).toBe('RMP');
  });
  it('can be read back', () => {
    expect(readCode(spelled('RMPGF3'))).toEqual({ kind: 'whole', code: 'RMPGF3' });
  });
});
