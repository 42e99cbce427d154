// What takes a host's action back: the commands that lead from after it to before it, in order. Empty: there is no way.
// Nothing that was hidden may show on the way, not even for a moment; so an edited question keeps its new words.
import type { Command, InfoRecord, QuestionRecord, QuestionState, SessionState } from '../net/protocol.gen';
import { policyOf, staged, type Questions } from './room';

function rejectedAgain({ id: question, reason, note }: QuestionRecord): Command {
  return { type: 'reject', question, reason, note };
}

/** Back into a state, from wherever the action put the question. */
function backTo(before: QuestionRecord): Command[] {
  const question = before.id;
  const ways: Partial<Record<QuestionState, Command[]>> = {
    pending: [{ type: 'restore', question, state: 'pending' }],
    live: [{ type: 'restore', question, state: 'live' }],
    stage: [{ type: 'restore', question, state: 'live' }, { type: 'stage', question }],
    answered: [{ type: 'restore', question, state: 'answered' }],
    // A restore alone would lose the reason that the asker reads.
    rejected: [{ type: 'restore', question, state: 'pending' }, rejectedAgain(before)],
    archived: [{ type: 'archive', question }],
  };
  return ways[before.state] ?? [];
}

function backToReply(before: QuestionRecord): Command[] {
  const { id: question, reply, reply_private } = before;
  const words: Command = { type: 'reply', question, text: reply, private: reply_private };
  return before.state === 'answered' ? [words] : [words, ...backTo(before)];
}

function backFromRestore(before: QuestionRecord, to: QuestionState): Command[] {
  const direct = before.state === 'rejected' && (to === 'pending' || to === 'live');
  return direct ? [rejectedAgain(before)] : backTo(before);
}

/** `onStage`: the question that the command took off the stage. */
export function undoOf(command: Command, before: QuestionRecord, onStage: number | null = null): Command[] {
  switch (command.type) {
    case 'approve':
    case 'reject':
    case 'answered':
    case 'archive':
      return backTo(before);
    case 'stage':
      return [onStage === null ? { type: 'unstage', question: before.id } : { type: 'stage', question: onStage }];
    case 'unstage':
      return [{ type: 'stage', question: before.id }];
    case 'reply':
      return backToReply(before);
    case 'restore':
      return backFromRestore(before, command.state);
    default:
      return [];
  }
}

/** An action that was done, and what it was done to. */
export interface Done {
  command: Command;
  before: QuestionRecord;
  onStage: number | null;
}

const after: Partial<Record<Command['type'], QuestionState>> = {
  approve: 'live', reject: 'rejected', stage: 'stage', unstage: 'live', answered: 'answered', archive: 'archived',
};

/** Is the question still as the action left it? */
function isAsLeft({ command, before }: Done, now: QuestionRecord): boolean {
  if (command.type === 'restore') return now.state === command.state;
  if (command.type !== 'reply') return now.state === after[command.type];
  const text = command.text.trim();
  return now.reply === text && now.state === (text ? 'answered' : before.state);
}

/** What to send to take it back as things are now; null: somebody has changed it since, and their word stands. */
export function takeBack(done: Done, questions: Questions): Command[] | null {
  const now = questions.get(done.before.id);
  if (!now || !isAsLeft(done, now)) return null;
  const earlier = done.onStage !== null && questions.get(done.onStage)?.state === 'live' ? done.onStage : null;
  const commands = undoOf(done.command, done.before, earlier);
  const shown = staged(questions);
  const stageIsFree = shown === null || shown.id === now.id;
  const possible = stageIsFree ? commands : commands.filter(({ type }) => type !== 'stage');
  return possible.length > 0 ? possible : null;
}

const stateBack: Partial<Record<SessionState, Partial<Record<SessionState, SessionState[]>>>> = {
  draft: { scheduled: ['draft'] },
  live: { paused: ['live'], ended: ['live'] },
  paused: { live: ['paused'], ended: ['live', 'paused'] },
  ended: { live: ['ended'], archived: ['ended'] },
  archived: { ended: ['archived'] },
};

/** The same for what concerns the session as a whole. */
export function undoOfSession(command: Command, before: InfoRecord): Command[] {
  if (command.type === 'policy') return [{ ...command, value: policyOf(before, command.policy) }];
  if (command.type !== 'state') return [];
  return (stateBack[before.state]?.[command.state] ?? []).map((state) => ({ type: 'state', state }));
}

export function takeBackSession(command: Command, before: InfoRecord, now: InfoRecord): Command[] | null {
  const asLeft = command.type === 'policy' ? policyOf(now, command.policy) === command.value
    : command.type === 'state' && now.state === command.state;
  const commands = asLeft ? undoOfSession(command, before) : [];
  return commands.length > 0 ? commands : null;
}
