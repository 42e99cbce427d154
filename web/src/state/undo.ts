// What takes a host's action back: the commands that lead from after it to before it, in order. Empty: there is no way.
import type { Command, InfoRecord, QuestionRecord, QuestionState, SessionState } from '../net/protocol.gen';
import { policyOf } from './room';

/** Back into a state, from wherever the action put the question. */
function backTo(before: QuestionRecord): Command[] {
  const question = before.id;
  const ways: Partial<Record<QuestionState, Command[]>> = {
    pending: [{ type: 'restore', question, state: 'pending' }],
    live: [{ type: 'restore', question, state: 'live' }],
    stage: [{ type: 'restore', question, state: 'live' }, { type: 'stage', question }],
    answered: [{ type: 'restore', question, state: 'answered' }],
    // A restore would lose the reason that the asker reads.
    rejected: [{ type: 'restore', question, state: 'live' }, { type: 'reject', question, reason: before.reason, note: before.note }],
    archived: [{ type: 'archive', question }],
  };
  return ways[before.state] ?? [];
}

function backToReply(before: QuestionRecord): Command[] {
  const { id: question, reply, reply_private } = before;
  const words: Command = { type: 'reply', question, text: reply, private: reply_private };
  return before.state === 'answered' ? [words] : [words, ...backTo(before)];
}

export function undoOf(command: Command, before: QuestionRecord): Command[] {
  switch (command.type) {
    case 'approve':
    case 'reject':
    case 'answered':
    case 'archive':
      return backTo(before);
    case 'stage':
      return [{ type: 'unstage', question: before.id }];
    case 'unstage':
      return [{ type: 'stage', question: before.id }];
    case 'reply':
      return backToReply(before);
    case 'restore':
      return before.state === 'rejected'
        ? [{ type: 'reject', question: before.id, reason: before.reason, note: before.note }]
        : backTo(before);
    default:
      return [];
  }
}

const stateBack: Partial<Record<SessionState, Partial<Record<SessionState, SessionState>>>> = {
  live: { paused: 'live' },
  paused: { live: 'paused' },
  ended: { live: 'ended', archived: 'ended' },
  archived: { ended: 'archived' },
};

/** The same for what concerns the session as a whole. */
export function undoOfSession(command: Command, before: InfoRecord): Command[] {
  if (command.type === 'policy') return [{ ...command, value: policyOf(before, command.policy) }];
  if (command.type !== 'state') return [];
  const back = stateBack[before.state]?.[command.state];
  return back ? [{ type: 'state', state: back }] : [];
}
