import { describe, expect, it } from 'vitest';
import type { QuestionRecord } from '../../net/protocol.gen';
import { askerCounts, columnsOf, excerpt, longestWaiting, matches, type View } from './columns';

function question(id: number, more: Partial<QuestionRecord> = {}): QuestionRecord {
  return {
    id, state: 'live', votes: 0, text: `Question ${id}`, name: '', asked_at: id, state_at: id, reply: '', reply_private: false,
    reason: 'none', note: '', edited: false, asker: 0, anonymous: false, original: '', ...more,
  };
}

const questions = (...list: QuestionRecord[]) => new Map(list.map((one) => [one.id, one]));
const view: View = { sort: 'votes', done: 'all', filter: '', asker: 0 };

describe('columnsOf', () => {
  const all = questions(
    question(1, { votes: 1 }), question(2, { votes: 5 }), question(3, { state: 'pending' }), question(4, { votes: 1 }),
    question(5, { state: 'pending' }), question(6, { state: 'stage' }), question(7, { state: 'answered', state_at: 90 }),
    question(8, { state: 'rejected', state_at: 95 }), question(9, { state: 'archived', state_at: 80 }), question(10, { state: 'withdrawn' }),
  );

  it('puts each question where its state belongs', () => {
    expect(columnsOf(all, view)).toEqual({ review: [3, 5], live: [2, 1, 4], stage: [6], done: [8, 7, 9] });
  });

  it('sorts the live ones as the host likes, the queue by age alone', () => {
    expect(columnsOf(all, { ...view, sort: 'newest' }).live).toEqual([4, 2, 1]);
    expect(columnsOf(all, { ...view, sort: 'oldest' }).live).toEqual([1, 2, 4]);
    expect(columnsOf(all, { ...view, sort: 'newest' }).review).toEqual([3, 5]);
  });

  it('shows one kind of the done', () => {
    expect(columnsOf(all, { ...view, done: 'rejected' }).done).toEqual([8]);
  });

  it('filters all columns by person and by text', () => {
    const some = questions(question(1, { asker: 4 }), question(2, { asker: 5 }), question(3, { asker: 4, state: 'pending', text: 'Pools?' }));
    expect(columnsOf(some, { ...view, asker: 4 })).toMatchObject({ review: [3], live: [1] });
    expect(columnsOf(some, { ...view, filter: 'pool' })).toMatchObject({ review: [3], live: [] });
  });
});

describe('matches', () => {
  const one = question(1, { text: 'How do you size a Connection Pool？', name: '李雷', reply: 'By measuring.' });
  it.each([['pool connection', true], ['李雷', true], ['measuring', true], ['ｐｏｏｌ?', true], ['pool shark', false], ['', true]])('%s: %s', (filter, expected) => {
    expect(matches(one, filter)).toBe(expected);
  });
});

describe('what the head shows', () => {
  it('finds who has waited longest among the open ones', () => {
    const all = questions(question(1, { state: 'answered' }), question(4, { asked_at: 40 }), question(3, { state: 'pending', asked_at: 30 }));
    expect(longestWaiting(all)?.id).toBe(3);
    expect(longestWaiting(questions())).toBeNull();
  });

  it('counts the questions of each known person', () => {
    const counts = askerCounts(questions(question(1, { asker: 4 }), question(2, { asker: 4 }), question(3), question(5)));
    expect([...counts]).toEqual([[4, 2]]);
  });

  it('cuts by characters as people see them', () => {
    expect(excerpt('short  text\n')).toBe('short text');
    expect(excerpt('你好世界，这是一个很长的问题', 6)).toBe('你好世界，…');
    expect(excerpt('😀😀😀😀', 3)).toBe('😀😀…');
  });
});
