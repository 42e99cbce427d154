// What a speaker does: sent, said, and taken back where the role allows it (a speaker may put on stage and skip, but only
// the host side can restore an answered question).
import { t } from '../../i18n/hall';
import { commandRules, type Command, type QuestionRecord, type Role } from '../../net/protocol.gen';
import { staged } from '../../state/room';
import type { Room } from '../../state/store';
import { takeBack, undoOf, type Done } from '../../state/undo';
import { dismissToast, showToast } from '../../ui/Toast';
import { refusalText } from '../room/words';

export type Action = 'stage' | 'unstage' | 'answered';

const shortMs = 4000;

let lastToast = 0;

/** One notice at a time: only the last action is offered to be taken back. */
function say(text: string, options: Parameters<typeof showToast>[1] = {}): void {
  dismissToast(lastToast);
  lastToast = showToast(text, options);
}

/** Does the role reach as far as taking it back? Pure. */
export function isUndoable({ command, before, onStage }: Done, role: Role): boolean {
  const commands = undoOf(command, before, onStage);
  return commands.length > 0 && commands.every(({ type }) => commandRules[type].roles.includes(role));
}

async function undo(room: Room, done: Done, seq: number): Promise<void> {
  await room.caughtUp(seq);
  const commands = takeBack(done, room.state.peek().questions);
  if (!commands) return void say(t('speaker.undo.changed'));
  for (const command of commands) {
    const outcome = await room.do(command);
    if (!outcome.ok) return void say(refusalText(outcome.refusal, outcome.detail));
  }
  say(t('speaker.undone'), { ms: shortMs });
}

/** Resolves to whether the server has taken it. */
export async function act(room: Room, type: Action, before: QuestionRecord): Promise<boolean> {
  const command: Command = { type, question: before.id };
  const done: Done = { command, before, onStage: staged(room.state.peek().questions)?.id ?? null };
  const outcome = await room.do(command);
  if (!outcome.ok) {
    say(refusalText(outcome.refusal, outcome.detail));
    return false;
  }
  if (isUndoable(done, room.role.peek())) {
    say(t(`speaker.done.${type}`), { action: { label: t('speaker.undo'), run: () => void undo(room, done, outcome.seq) } });
  } else {
    say(t('speaker.done.answered.final'), { ms: shortMs });
  }
  return true;
}
