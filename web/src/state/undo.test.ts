import { describe, expect, it } from 'vitest';
import { policyTable, type Command, type InfoRecord, type QuestionRecord, type QuestionState } from '../net/protocol.gen';
import { takeBack, takeBackSession, undoOf, undoOfSession } from './undo';

function question(state: QuestionState, more: Partial<QuestionRecord> = {}): QuestionRecord {
  return {
    id: 7, state, votes: 0, text: 'Why?', name: '', asked_at: 0, state_at: 0, reply: '', reply_private: false, reason: 'none',
    note: '', edited: false, asker: 1, anonymous: false, original: '', ...more,
  };
}

const questions = (...list: QuestionRecord[]) => new Map(list.map((one) => [one.id, one]));
const about = 7;

describe('undoOf', () => {
  const cases: readonly [string, Command, QuestionRecord, Command[]][] = [
    ['approving', { type: 'approve', question: about, text: '' }, question('pending'),
      [{ type: 'restore', question: about, state: 'pending' }]],
    ['rejecting what was live', { type: 'reject', question: about, reason: 'unclear', note: '' }, question('live'),
      [{ type: 'restore', question: about, state: 'live' }]],
    ['answering what was on stage', { type: 'answered', question: about }, question('stage'),
      [{ type: 'restore', question: about, state: 'live' }, { type: 'stage', question: about }]],
    ['archiving a rejected one keeps its reason and never shows it', { type: 'archive', question: about },
      question('rejected', { reason: 'other', note: 'Ask at the desk' }),
      [{ type: 'restore', question: about, state: 'pending' }, { type: 'reject', question: about, reason: 'other', note: 'Ask at the desk' }]],
    ['restoring a rejected one', { type: 'restore', question: about, state: 'live' }, question('rejected', { reason: 'no_time' }),
      [{ type: 'reject', question: about, reason: 'no_time', note: '' }]],
    ['restoring a rejected one to answered', { type: 'restore', question: about, state: 'answered' }, question('rejected', { reason: 'no_time' }),
      [{ type: 'restore', question: about, state: 'pending' }, { type: 'reject', question: about, reason: 'no_time', note: '' }]],
    ['restoring an archived one', { type: 'restore', question: about, state: 'live' }, question('archived'),
      [{ type: 'archive', question: about }]],
    ['a first answer', { type: 'reply', question: about, text: 'Because.', private: false }, question('live'),
      [{ type: 'reply', question: about, text: '', private: false }, { type: 'restore', question: about, state: 'live' }]],
    ['a changed answer', { type: 'reply', question: about, text: 'Because.', private: false },
      question('answered', { reply: 'No idea', reply_private: true }),
      [{ type: 'reply', question: about, text: 'No idea', private: true }]],
    ['taking off the stage', { type: 'unstage', question: about }, question('stage'), [{ type: 'stage', question: about }]],
    ['a vote: nothing', { type: 'vote', question: about, on: true }, question('live'), []],
  ];
  it.each(cases)('%s', (_, command, before, expected) => {
    expect(undoOf(command, before)).toEqual(expected);
  });

  it('puts back on stage what the command took off it', () => {
    expect(undoOf({ type: 'stage', question: about }, question('live'))).toEqual([{ type: 'unstage', question: about }]);
    expect(undoOf({ type: 'stage', question: about }, question('live'), 3)).toEqual([{ type: 'stage', question: 3 }]);
  });
});

describe('takeBack', () => {
  const stage: Command = { type: 'stage', question: about };
  const answered: Command = { type: 'answered', question: about };

  it('does nothing to a question that somebody has moved on', () => {
    const done = { command: { type: 'approve', question: about, text: '' } as Command, before: question('pending'), onStage: null };
    expect(takeBack(done, questions(question('live')))).toHaveLength(1);
    expect(takeBack(done, questions(question('stage')))).toBeNull();
    expect(takeBack(done, questions())).toBeNull();
  });

  it('compares the answer too', () => {
    const command: Command = { type: 'reply', question: about, text: ' Because. ', private: false };
    const done = { command, before: question('live'), onStage: null };
    expect(takeBack(done, questions(question('answered', { reply: 'Because.' })))).toHaveLength(2);
    expect(takeBack(done, questions(question('answered', { reply: 'Because of rain.' })))).toBeNull();
  });

  it('leaves the stage to another question that is there by now', () => {
    const other = question('stage', { id: 9 });
    expect(takeBack({ command: answered, before: question('stage'), onStage: about }, questions(question('answered'), other)))
      .toEqual([{ type: 'restore', question: about, state: 'live' }]);
    expect(takeBack({ command: { type: 'unstage', question: about }, before: question('stage'), onStage: about }, questions(question('live'), other)))
      .toBeNull();
  });

  it('brings the earlier one back on stage only while it is live', () => {
    const done = { command: stage, before: question('live'), onStage: 3 };
    expect(takeBack(done, questions(question('stage'), question('live', { id: 3 })))).toEqual([{ type: 'stage', question: 3 }]);
    expect(takeBack(done, questions(question('stage'), question('archived', { id: 3 })))).toEqual([{ type: 'unstage', question: about }]);
  });
});

describe('what concerns the session', () => {
  const info = (more: Partial<InfoRecord> = {}): InfoRecord => ({
    code: 'ABCDEF', title: '', description: '', event: '', state: 'live', starts_at: 0, ends_at: 0, timezone: 'UTC',
    policies: Object.values(policyTable).map(({ initial }) => initial), live: 0, answered: 0, pending: 0, votes: 0, responses: 0, ...more,
  });
  const without = (index: number) => info().policies.map((value, i) => i === index ? 0 : value);

  it('goes back over the states that the server allows', () => {
    expect(undoOfSession({ type: 'state', state: 'paused' }, info())).toEqual([{ type: 'state', state: 'live' }]);
    expect(undoOfSession({ type: 'state', state: 'ended' }, info({ state: 'paused' })))
      .toEqual([{ type: 'state', state: 'live' }, { type: 'state', state: 'paused' }]);
    expect(undoOfSession({ type: 'state', state: 'live' }, info({ state: 'scheduled' }))).toEqual([]);
  });

  it('takes a policy back while it is as it was set', () => {
    const off: Command = { type: 'policy', policy: 'review', value: 0 };
    expect(takeBackSession(off, info(), info({ policies: without(policyTable.review.index) })))
      .toEqual([{ type: 'policy', policy: 'review', value: 1 }]);
    expect(takeBackSession(off, info(), info())).toBeNull();
  });
});
