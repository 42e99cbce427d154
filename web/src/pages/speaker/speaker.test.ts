import { describe, expect, it } from 'vitest';
import type { Command, QuestionRecord, SessionState } from '../../net/protocol.gen';
import { isUndoable } from './act';
import { sessionClock } from './clock';

const minute = 60_000;
const hour = 60 * minute;
const clock = (state: SessionState, starts_at: number, ends_at: number) => sessionClock({ state, starts_at, ends_at }, 100 * hour);

describe('the clock of the session', () => {
  it.each([
    ['live', 99 * hour, 101 * hour, { kind: 'remaining', ms: hour, tone: 'none' }],
    ['paused', 99 * hour, 100 * hour + 2 * minute, { kind: 'remaining', ms: 2 * minute, tone: 'warn' }],
    ['live', 98 * hour, 99 * hour, { kind: 'over', ms: hour, tone: 'bad' }],
    ['live', 99 * hour, 0, { kind: 'elapsed', ms: hour }],
    ['scheduled', 101 * hour, 102 * hour, { kind: 'until', ms: hour }],
  ] as const)('%s', (state, starts, ends, expected) => {
    expect(clock(state, starts, ends)).toEqual(expected);
  });
  it.each([
    ['live', 0, 0], // no times are known
    ['live', 101 * hour, 0], // opened early
    ['live', 10 * hour, 20 * hour], // an end of days ago says nothing
    ['scheduled', 99 * hour, 0],
    ['scheduled', 500 * hour, 0],
    ['ended', 99 * hour, 101 * hour],
  ] as const)('is none: %s %d %d', (state, starts, ends) => {
    expect(clock(state, starts, ends)).toBeNull();
  });
});

describe('undo', () => {
  const before = { id: 4, state: 'stage' } as QuestionRecord;
  const done = (type: 'stage' | 'unstage' | 'answered', state: QuestionRecord['state']) =>
    ({ command: { type, question: 4 } as Command, before: { ...before, state }, onStage: null });
  it('is offered as far as the role reaches', () => {
    expect(isUndoable(done('stage', 'live'), 'speaker')).toBe(true);
    expect(isUndoable(done('unstage', 'stage'), 'speaker')).toBe(true);
    expect(isUndoable(done('answered', 'stage'), 'speaker')).toBe(false);
    expect(isUndoable(done('answered', 'stage'), 'moderator')).toBe(true);
  });
});
