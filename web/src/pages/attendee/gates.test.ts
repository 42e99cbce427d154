import { describe, expect, it } from 'vitest';
import { policies, policyTable, type InfoRecord, type Policy, type SessionState } from '../../net/protocol.gen';
import { askGate, askProblem, nameToSend, voteBar, withReturned } from './gates';

function info(state: SessionState, changed: Partial<Record<Policy, number>> = {}): InfoRecord {
  return {
    code: 'ABC234', title: '', description: '', event: '', state, starts_at: 0, ends_at: 0, timezone: 'UTC',
    policies: policies.map((policy) => changed[policy] ?? policyTable[policy].initial),
    live: 0, answered: 0, pending: 0, votes: 0, responses: 0,
  };
}

describe('asking', () => {
  it.each([
    ['live', {}, false, 'open'],
    ['live', { asking: 0 }, false, 'closed'],
    ['live', { asking: 0 }, true, 'open'],
    ['scheduled', {}, false, 'state'],
    ['scheduled', { ask_ahead: 1 }, false, 'open'],
    ['scheduled', { ask_ahead: 1, asking: 0 }, false, 'closed'],
    ['paused', {}, true, 'state'],
    ['ended', {}, false, 'state'],
  ] as const)('%s %j host %s: %s', (state, changed, host, gate) => {
    expect(askGate(info(state, changed), host)).toBe(gate);
  });

  const someone = { name: ' Ann ', named: true };
  it('finds what is wrong with the words', () => {
    expect(askProblem(info('live'), ' \n', someone)).toMatchObject({ field: 'text', refusal: 'empty' });
    expect(askProblem(info('live', { question_length: 3 }), '四个字符', someone)).toMatchObject({ refusal: 'too_long', detail: 3 });
    expect(askProblem(info('live', { question_length: 3 }), ' 三个字 ', someone)).toBeNull();
    expect(askProblem(info('live'), 'How?', { name: 'x'.repeat(61), named: true })).toMatchObject({ field: 'name', detail: 60 });
  });

  it('wants a name where one is shown, and never sends one that is not', () => {
    const nameless = { name: ' ', named: true };
    expect(askProblem(info('live', { names: 1 }), 'How?', nameless)).toMatchObject({ field: 'name', refusal: 'name_required' });
    expect(askProblem(info('live', { names: 2 }), 'How?', nameless)).toMatchObject({ field: 'name' });
    expect(askProblem(info('live', { names: 0 }), 'How?', nameless)).toBeNull();
    expect(askProblem(info('live', { names: 3 }), 'How?', { name: '', named: false })).toBeNull();
    expect(nameToSend(info('live', { names: 0 }), someone)).toEqual({ name: '', anonymous: true });
    expect(nameToSend(info('live', { names: 3 }), { ...someone, named: false })).toEqual({ name: '', anonymous: true });
    expect(nameToSend(info('live', { names: 2 }), { ...someone, named: false })).toEqual({ name: 'Ann', anonymous: false });
  });

  it('gives a refused text back without losing the next one', () => {
    expect(withReturned(' \n', 'First?')).toBe('First?');
    expect(withReturned('Second', 'First?')).toBe('First?\n\nSecond');
  });
});

describe('voting', () => {
  it('is open before and while it is live', () => {
    expect(voteBar(info('live'), false)).toBeNull();
    expect(voteBar(info('scheduled'), false)).toBeNull();
    expect(voteBar(info('live', { voting: 0 }), false)).toBe('list.vote.closed');
    expect(voteBar(info('live', { voting: 0 }), true)).toBeNull();
    expect(voteBar(info('paused'), true)).toBe('list.vote.paused');
    expect(voteBar(info('ended'), false)).toBe('list.vote.over');
  });
});
