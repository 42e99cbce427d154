import { describe, expect, it } from 'vitest';
import { keyOf } from './keys';

const plain = {
  key: 'a', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, defaultPrevented: false, repeat: false,
};

describe('keyOf', () => {
  it('reads letters whatever the caps lock says', () => {
    expect(keyOf(plain)).toBe('a');
    expect(keyOf({ ...plain, key: 'A' })).toBe('a');
    expect(keyOf({ ...plain, key: 'ArrowDown' })).toBe('ArrowDown');
  });

  it('leaves combinations to the browser', () => {
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey', 'isComposing', 'defaultPrevented'] as const) {
      expect(keyOf({ ...plain, [modifier]: true })).toBeNull();
    }
  });

  it('knows keys that need Shift somewhere', () => {
    expect(keyOf({ ...plain, key: '?', shiftKey: true })).toBe('?');
    expect(keyOf({ ...plain, key: '/', shiftKey: true })).toBe('/');
  });

  it('lets a held key move, not decide', () => {
    expect(keyOf({ ...plain, repeat: true })).toBeNull();
    expect(keyOf({ ...plain, key: 'j', repeat: true })).toBe('j');
  });
});
