import { describe, expect, it } from 'vitest';
import { policies, policyTable, type InfoRecord, type Policy, type QuestionRecord, type SessionState } from '../../net/protocol.gen';
import { displayOf } from './display';
import { largestFit } from './fit';
import { flowing, nextOf, purposeOf, sceneOf, weightOf } from './scene';

function info(state: SessionState, changes: Partial<Record<Policy, number>> = {}, live = 1): InfoRecord {
  return {
    code: 'ABC123', title: '', description: '', event: '', state, starts_at: 0, ends_at: 0, timezone: 'UTC',
    policies: policies.map((policy) => changes[policy] ?? policyTable[policy].initial), live, answered: 0, pending: 0, votes: 0, responses: 0,
  };
}

function question(id: number, votes = 0, state: QuestionRecord['state'] = 'live', text = `Question ${id}`): QuestionRecord {
  return {
    id, state, votes, text, name: '', asked_at: 0, state_at: 0, reply: '', reply_private: false, reason: 'none', note: '', edited: false,
    asker: 0, anonymous: false, original: '',
  };
}
const onStage = question(9, 0, 'stage');

describe('the scene', () => {
  it.each([
    ['draft', onStage, {}, 'lobby'],
    ['scheduled', null, {}, 'lobby'],
    ['live', onStage, {}, 'question'],
    ['live', null, {}, 'ask'],
    ['live', null, { asking: 0 }, 'vote'],
    ['live', null, { asking: 0, voting: 0 }, 'follow'],
    ['paused', onStage, {}, 'question'],
    ['paused', null, {}, 'pause'],
    ['ended', onStage, {}, 'feedback'],
    ['ended', null, { feedback: 0 }, 'read'],
    ['archived', null, {}, 'read'],
  ] as const)('of a session that is %s', (state, staged, changes, scene) => {
    expect(sceneOf(info(state, changes), staged)).toBe(scene);
  });

  it('does not ask for votes while there is nothing to vote for', () => {
    expect(sceneOf(info('live', { asking: 0 }, 0), null)).toBe('follow');
  });
});

describe('what the code is scanned for', () => {
  it.each([
    ['scheduled', {}, 'follow'],
    ['scheduled', { ask_ahead: 1 }, 'ask'],
    ['live', {}, 'ask'],
    ['live', { asking: 0 }, 'vote'],
    ['paused', {}, 'follow'],
    ['ended', {}, 'feedback'],
    ['ended', { feedback: 0 }, 'read'],
  ] as const)('in a session that is %s with %j', (state, changes, purpose) => {
    const room = info(state, changes);
    expect(purposeOf(room, sceneOf(room, onStage))).toBe(purpose);
  });
});

describe('the next questions', () => {
  const many = [question(1, 1), question(2, 5), question(3, 5), question(4, 2), question(5, 9, 'answered'), question(6, 9, 'pending')];
  const held = (...list: QuestionRecord[]) => new Map(list.map((one) => [one.id, one]));
  const ids = (list: readonly QuestionRecord[]) => list.map(({ id }) => id);

  it('are the three with most votes, the older first', () => {
    expect(ids(nextOf(info('live'), held(...many, onStage), 'question'))).toEqual([2, 3, 4]);
  });
  it('are hidden by the policy and before and after the session', () => {
    expect(nextOf(info('live', { stage_next: 0 }), held(...many), 'ask')).toEqual([]);
    expect(nextOf(info('scheduled'), held(...many), 'lobby')).toEqual([]);
    expect(nextOf(info('ended'), held(...many), 'feedback')).toEqual([]);
  });
  it('make room for a very long question', () => {
    const long = question(9, 0, 'stage', '问'.repeat(600));
    expect(nextOf(info('live'), held(...many, long), 'question')).toEqual([]);
    expect(nextOf(info('live'), held(...many, question(9, 0, 'stage', 'a'.repeat(600))), 'question')).toHaveLength(3);
  });
});

describe('texts', () => {
  it('weigh by the width of their writing', () => {
    expect(weightOf('abc')).toBe(3);
    expect(weightOf('连接池')).toBe(6);
    expect(weightOf('é😀')).toBe(3);
  });
  it('keep a few lines, and let many flow together', () => {
    expect(flowing('one\n\ntwo')).toBe('one\n\ntwo');
    expect(flowing(Array(30).fill('x').join('\n'))).toBe(Array(30).fill('x').join(' '));
  });
});

describe('the largest size that fits', () => {
  const limited = (limit: number) => largestFit(1, 6, 0.01, (size) => size <= limit);
  it('is found between the bounds', () => {
    expect(limited(3.3)).toBeCloseTo(3.3, 1);
    expect(limited(3.3)).toBeLessThanOrEqual(3.3);
    expect(limited(100)).toBe(6);
    expect(limited(0)).toBe(1);
  });
});

describe('the address', () => {
  it('says how the page looks', () => {
    expect(displayOf('?overlay=1&theme=dark&lang=zh-CN')).toEqual({ overlay: true, theme: 'dark', lang: 'zh-CN' });
    expect(displayOf('')).toEqual({ overlay: false, theme: null, lang: null });
  });
  it('is forgiven what it cannot mean', () => {
    expect(displayOf('?overlay=0&theme=pink')).toEqual({ overlay: false, theme: null, lang: null });
  });
});
