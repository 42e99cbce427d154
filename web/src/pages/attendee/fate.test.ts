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
  it.each([
    ['waiting, however long', {}, 1_000_000, true],
    ['waiting, but the host changed it', { edited: true }, 1500, false],
    ['put back into the queue', { state_at: 1200 }, 1500, false],
    ['reviewed and live', { state: 'live', state_at: 1200 }, 1500, false],
    ['live without review, at once', { state: 'live' }, 60_000, true],
    ['live without review, later', { state: 'live' }, 1_000_000, false],
    ['with a vote', { state: 'live', votes: 1 }, 1500, false],
    ['on stage', { state: 'stage' }, 1500, false],
  ] as const)('%s', (_, change, now, may) => {
    expect(mayEdit(question(change as Partial<QuestionRecord>), 'live', now)).toBe(may);
    expect(mayEdit(question(change as Partial<QuestionRecord>), 'paused', now)).toBe(false);
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
