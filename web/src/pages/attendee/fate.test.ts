import { describe, expect, it } from 'vitest';
import type { QuestionRecord } from '../../net/protocol.gen';
import { mayEdit, newsBetween } from './fate';

function question(change: Partial<QuestionRecord> = {}): QuestionRecord {
  return {
    id: 1, state: 'pending', votes: 0, text: 'How?', name: '', asked_at: 1000, state_at: 1000, reply: '', reply_private: false,
    reason: 'none', note: '', edited: false, asker: 0, anonymous: true, original: '', ...change,
  };
}

const asMap = (...questions: QuestionRecord[]) => new Map(questions.map((q) => [q.id, q]));

describe('editing an own question', () => {
  const open = { session: 'live', review: true, voted: false, now: 1_000_000 } as const;
  it.each([
    ['waiting, however long', {}, {}, true],
    ['waiting, but the host changed it', { edited: true }, {}, false],
    ['reviewed and live', { state: 'live' }, { now: 1500 }, false],
    ['live without review, at once', { state: 'live' }, { review: false, now: 60_000 }, true],
    ['live without review, later', { state: 'live' }, { review: false }, false],
    ['with a vote of somebody else', { state: 'live', votes: 1 }, { review: false, now: 1500 }, false],
    ['with the own vote', { state: 'live', votes: 1 }, { review: false, now: 1500, voted: true }, true],
    ['on stage', { state: 'stage' }, { review: false, now: 1500 }, false],
    ['in a paused session', {}, { session: 'paused' }, false],
  ] as const)('%s', (_, change, context, may) => {
    expect(mayEdit(question(change as Partial<QuestionRecord>), { ...open, ...context })).toBe(may);
  });
});

describe('news', () => {
  const keys = (before: Partial<QuestionRecord>, after: Partial<QuestionRecord>) =>
    newsBetween(asMap(question(before)), asMap(question(after))).map(({ key }) => key);

  it('tells each decision', () => {
    expect(keys({}, { state: 'live' })).toEqual(['mine.news.live']);
    expect(keys({ state: 'live' }, { state: 'stage' })).toEqual(['mine.news.stage']);
    expect(keys({ state: 'stage' }, { state: 'answered' })).toEqual(['mine.news.answered']);
    expect(keys({}, { state: 'rejected' })).toEqual(['mine.news.rejected']);
  });

  it('tells an answer in writing, also a later one', () => {
    expect(keys({ state: 'live' }, { state: 'answered', reply: 'So.' })).toEqual(['mine.news.reply']);
    expect(keys({ state: 'answered' }, { state: 'answered', reply: 'So.' })).toEqual(['mine.news.reply']);
  });

  it('is silent about what the reader did, counts, and what it did not know before', () => {
    expect(keys({}, { state: 'withdrawn' })).toEqual([]);
    expect(keys({ state: 'live' }, { state: 'live', votes: 3 })).toEqual([]);
    expect(keys({ state: 'stage' }, { state: 'live' })).toEqual([]);
    expect(newsBetween(asMap(), asMap(question({ state: 'stage' })))).toEqual([]);
  });
});
