import { describe, expect, it } from 'vitest';
import { isEmpty, isSame, noFeedback, readDraft, toSend } from './feedback';

describe('a feedback draft', () => {
  it('survives being kept', () => {
    const draft = { stars: 4, recommend: 0, text: 'Good. ', name: 'Ann' };
    expect(readDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it('is not fooled by what else may be stored', () => {
    expect(readDraft('')).toBeNull();
    expect(readDraft('null')).toBeNull();
    expect(readDraft('{"stars":9,"recommend":1.5}')).toEqual(noFeedback);
  });

  it('needs one thing, which may be a zero', () => {
    expect(isEmpty(noFeedback)).toBe(true);
    expect(isEmpty({ ...noFeedback, text: ' ', name: 'Ann' })).toBe(true);
    expect(isEmpty({ ...noFeedback, recommend: 0 })).toBe(false);
  });

  it('is compared as the server stores it', () => {
    expect(isSame({ ...noFeedback, text: ' Good ' }, { ...noFeedback, text: 'Good' })).toBe(true);
    expect(toSend({ ...noFeedback, text: ' Good ', name: 'Ann' }, false)).toEqual({ ...noFeedback, text: 'Good' });
  });
});
