import { describe, expect, it } from 'vitest';
import { policies, policyTable, type InfoRecord, type LiveMessage, type QuestionRecord, type QuestionState } from '../net/protocol.gen';
import {
  applyLive, applyMine, applyMore, applyOwn, applySnapshot, applyVote, emptyRoom, listOf, policyOf, questionsIn, staged, visibleQuestions,
  type RoomState,
} from './room';

function info(more: Partial<InfoRecord> = {}): InfoRecord {
  return {
    code: 'ABC123', title: 'Before', description: '', event: '', state: 'live', starts_at: 0, ends_at: 0, timezone: 'UTC',
    policies: policies.map((policy) => policyTable[policy].initial), live: 0, answered: 0, pending: 0, votes: 0, responses: 0, ...more,
  };
}

function question(id: number, more: Partial<QuestionRecord> = {}): QuestionRecord {
  return {
    id, state: 'live', votes: 0, text: `Question ${id}`, name: '', asked_at: 0, state_at: 0, reply: '', reply_private: false,
    reason: 'none', note: '', edited: false, asker: 0, anonymous: false, original: '', ...more,
  };
}

function live(from: number, to: number, more: Partial<LiveMessage> = {}): LiveMessage {
  return { type: 'live', from, to, info: null, questions: [], counts: [], gone: [], ...more };
}

function roomWith(...questions: QuestionRecord[]): RoomState {
  return applySnapshot(emptyRoom, { type: 'snapshot', seq: 10, info: info(), questions });
}
const ids = (questions: Iterable<QuestionRecord>) => [...questions].map(({ id }) => id).sort((a, b) => a - b);

describe('a snapshot', () => {
  it('replaces the room, but not what is known of the reader', () => {
    let room = applyMine(roomWith(question(1)), { type: 'mine', questions: [question(3)], votes: [1], feedback: null });
    room = applyMore(room, { type: 'more', list: 'newest', offset: 0, total: 9, questions: [question(2)] });
    room = applySnapshot(room, { type: 'snapshot', seq: 20, info: info({ title: 'After' }), questions: [question(4)] });
    expect(room).toMatchObject({ seq: 20, totals: {}, info: { title: 'After' } });
    expect(ids(room.questions.values())).toEqual([4]);
    expect(room.extra.size).toBe(0);
    expect(ids(room.own.values())).toEqual([3]);
    expect([...room.votes]).toEqual([1]);
  });
});

describe('a live frame', () => {
  it('that starts after what is held shows a gap, and changes nothing', () => {
    const room = roomWith(question(1));
    expect(applyLive(room, live(11, 12, { gone: [1] }))).toBeNull();
    expect(room.questions.has(1)).toBe(true);
  });
  it('that brings nothing new is ignored', () => {
    const room = roomWith(question(1));
    expect(applyLive(room, live(5, 10, { counts: [1, 99], gone: [1], info: info({ title: 'Old' }) }))).toBe(room);
  });
  it('that overlaps is taken, since its values are absolute', () => {
    const next = applyLive(roomWith(question(1, { votes: 4 })), live(3, 14, { counts: [1, 7] }))!;
    expect(next.seq).toBe(14);
    expect(next.questions.get(1)!.votes).toBe(7);
  });
  it('that is empty only moves the seq', () => {
    const room = roomWith(question(1));
    expect(applyLive(room, live(10, 11))).toEqual({ ...room, seq: 11 });
  });
  it('keeps the session record unless it brings one', () => {
    const room = roomWith();
    expect(applyLive(room, live(10, 11))!.info).toBe(room.info);
    expect(applyLive(room, live(10, 11, { info: info({ title: 'After' }) }))!.info!.title).toBe('After');
  });
  it('replaces and adds questions', () => {
    const next = applyLive(roomWith(question(1), question(2)), live(10, 11, { questions: [question(2, { text: 'New' }), question(3)] }))!;
    expect(ids(next.questions.values())).toEqual([1, 2, 3]);
    expect(next.questions.get(2)!.text).toBe('New');
  });
  it('sets counts by pairs, and leaves unknown questions alone', () => {
    const next = applyLive(roomWith(question(1), question(2, { votes: 5 })), live(10, 11, { counts: [1, 3, 9, 4] }))!;
    expect([...next.questions.values()].map(({ id, votes }) => [id, votes])).toEqual([[1, 3], [2, 5]]);
  });
  it('leaves the map alone when no count changes', () => {
    const room = roomWith(question(1, { votes: 3 }));
    expect(applyLive(room, live(10, 11, { counts: [1, 3] }))!.questions).toBe(room.questions);
  });
  it('drops what is gone, also from what was loaded beyond the window', () => {
    const room = applyMore(roomWith(question(1), question(2)), { type: 'more', list: 'newest', offset: 0, total: 3, questions: [question(3)] });
    const next = applyLive(room, live(10, 11, { gone: [1, 3] }))!;
    expect(ids(visibleQuestions(next).values())).toEqual([2]);
    expect(room.questions.has(1)).toBe(true); // the old value is untouched
  });
  it('brings a loaded question back into the window, once', () => {
    const room = applyMore(roomWith(), { type: 'more', list: 'newest', offset: 0, total: 1, questions: [question(3)] });
    const next = applyLive(room, live(10, 11, { questions: [question(3, { text: 'Now' })] }))!;
    expect(next.extra.size).toBe(0);
    expect(visibleQuestions(next).get(3)!.text).toBe('Now');
  });
  it('counts for the reader’s own questions too', () => {
    const room = applyOwn(roomWith(), [question(1), question(2)]);
    const next = applyLive(room, live(10, 11, { counts: [1, 6], questions: [question(2, { votes: 8 })] }))!;
    expect([next.own.get(1)!.votes, next.own.get(2)!.votes]).toEqual([6, 8]);
  });
});

describe('more', () => {
  it('does not overwrite what is kept current', () => {
    const room = applyMore(roomWith(question(1, { votes: 9 })), {
      type: 'more', list: 'popular', offset: 0, total: 7, questions: [question(1, { votes: 2 }), question(2)],
    });
    expect(ids(room.extra.values())).toEqual([2]);
    expect(visibleQuestions(room).get(1)!.votes).toBe(9);
    expect(room.totals).toEqual({ popular: 7 });
  });
});

describe('the reader’s own', () => {
  it('view of a question wins, but for what all see alike', () => {
    const mine = question(1, { name: 'Li', note: 'note', reply: 'for you', reply_private: true, state: 'pending', votes: 0, text: 'old' });
    const room = applyOwn(roomWith(question(1, { state: 'stage', votes: 4, text: 'edited' })), [mine]);
    expect(visibleQuestions(room).get(1)).toMatchObject({
      name: 'Li', reply: 'for you', reply_private: true, state: 'stage', votes: 4, text: 'edited',
    });
  });
  it('questions that others do not see stay out of the lists', () => {
    expect(visibleQuestions(applyOwn(roomWith(), [question(1, { state: 'pending' })])).size).toBe(0);
  });
  it('later records replace the earlier ones by id', () => {
    const room = applyOwn(applyOwn(roomWith(), [question(1), question(2)]), [question(2, { state: 'rejected' })]);
    expect([...room.own.values()].map(({ state }) => state)).toEqual(['live', 'rejected']);
  });
  it('is replaced as a whole by mine', () => {
    const room = applyMine(applyOwn(roomWith(), [question(1)]), {
      type: 'mine', questions: [question(2)], votes: [5], feedback: { stars: 4, recommend: -1, text: '', name: '' },
    });
    expect(ids(room.own.values())).toEqual([2]);
    expect(room.feedback!.stars).toBe(4);
  });
  it('votes are a set', () => {
    const voted = applyVote(roomWith(), 1, true);
    expect([...voted.votes]).toEqual([1]);
    expect(applyVote(voted, 1, true)).toBe(voted);
    expect(applyVote(voted, 1, false).votes.size).toBe(0);
    expect(voted.votes.has(1)).toBe(true);
  });
});

describe('the lists', () => {
  const all = new Map([
    question(1, { votes: 2 }), question(2, { votes: 5 }), question(3, { votes: 2 }), question(4, { votes: 9, state: 'stage' }),
    question(5, { state: 'answered', state_at: 10 }), question(6, { state: 'answered', state_at: 30 }), question(7, { state: 'answered', state_at: 10 }),
    question(8, { votes: 99, state: 'pending' }),
  ].map((one) => [one.id, one]));
  it.each([
    ['popular', [2, 1, 3]],
    ['newest', [3, 2, 1]],
    ['answered', [6, 7, 5]],
  ] as const)('%s', (name, expected) => {
    expect(listOf(all, name)).toEqual(expected);
  });
  it('know what is on stage', () => {
    expect(staged(all)!.id).toBe(4);
    expect(staged(new Map())).toBeNull();
  });
  it('can be asked for states', () => {
    const states: QuestionState[] = ['pending', 'stage'];
    expect(ids(questionsIn(all.values(), states))).toEqual([4, 8]);
  });
});

describe('policies', () => {
  it('are read by their place, and have their first value when the server is older', () => {
    const values = policies.map((_, place) => place);
    expect(policyOf(info({ policies: values }), 'names')).toBe(policies.indexOf('names'));
    expect(policyOf(info({ policies: [] }), 'names')).toBe(policyTable.names.initial);
  });
});
