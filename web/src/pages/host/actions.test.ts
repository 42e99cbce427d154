import { describe, expect, it } from 'vitest';
import { commandRules, questionStates, type QuestionRecord, type QuestionState } from '../../net/protocol.gen';
import { actionRows, actionsFor, commandOf } from './actions';

const question = (state: QuestionState) => ({ id: 7, state }) as QuestionRecord;
const words = (state: QuestionState) => actionsFor(question(state), () => true).map(({ word }) => word);

describe('actions', () => {
  it('are offered only on questions on which the server takes them', () => {
    for (const { needs, states } of actionRows) for (const state of states) expect(commandRules[needs].questions).toContain(state);
  });

  it('have one key each', () => {
    for (const state of questionStates) {
      const keys = actionsFor(question(state), () => true).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('follow the state of the question', () => {
    expect(words('pending')).toEqual(['approve', 'edit', 'reject', 'reply', 'archive']);
    expect(words('stage')).toEqual(['answered', 'reject', 'back', 'reply', 'archive']);
    expect(words('withdrawn')).toEqual([]);
  });

  it('are asked of the server’s rules', () => {
    expect(actionsFor(question('live'), (word) => word !== 'stage').map(({ word }) => word)).not.toContain('stage');
  });

  it('become commands, unless words are needed first', () => {
    const commands = (state: QuestionState) => actionsFor(question(state), () => true).map((row) => commandOf(row, question(state)));
    expect(commands('stage')).toContainEqual({ type: 'unstage', question: 7 });
    expect(commands('rejected')).toContainEqual({ type: 'restore', question: 7, state: 'live' });
    expect(commands('rejected')).toContainEqual({ type: 'restore', question: 7, state: 'pending' });
    expect(commands('pending').filter((command) => command === null)).toHaveLength(3);
  });
});
