// Everything the host does goes through here: it is sent, said, and can be taken back, the last thing first.
import { signal } from '@preact/signals';
import { t, type HostKey } from '../../i18n/host';
import type { Outcome } from '../../net/outbox';
import type { Command, InfoRecord, Policy, Refusal, SessionState } from '../../net/protocol.gen';
import { staged } from '../../state/room';
import type { Room } from '../../state/store';
import { takeBack, takeBackSession, type Done } from '../../state/undo';
import { dismissToast, showToast } from '../../ui/Toast';
import { refusalText } from '../room/words';
import { excerpt } from './columns';
import { paced } from './paced';

export type QuestionCommand = Command & { question: number };
type SessionCommand = Extract<Command, { type: 'policy' | 'state' }>;

interface Entry {
  questions: readonly Done[];
  session: readonly { command: SessionCommand; before: InfoRecord }[];
  /** The room holds all of it from here on. */
  seq: number;
  toast: number;
}

interface Sent<C extends Command> {
  command: C;
  outcome: Outcome;
}

const undoable = 50;

function saidKey(command: Command): HostKey {
  if (command.type === 'restore') return command.state === 'pending' ? 'said.queue' : 'said.back';
  if (command.type === 'reply') return command.text.trim() === '' ? 'said.unreply' : command.private ? 'said.reply_private' : 'said.reply';
  return `said.${command.type}` as HostKey;
}

export class Doing {
  /** Of many commands at once: how many are answered. */
  readonly progress = signal<{ n: number; of: number } | null>(null);
  private stack: Entry[] = [];
  private undone = 0;

  /** `onChange`: after each act; `onUndone`: these questions are where they were. */
  constructor(private readonly room: Room, private readonly onChange: () => void, private readonly onUndone: (ids: readonly number[]) => void) {}

  /** Resolves to the refusal, or null. `onRefused` gives the host a way back to what was typed. */
  async one(command: QuestionCommand, onRefused?: () => void): Promise<Refusal | null> {
    const done = this.doneBy(command);
    const text = excerpt(done?.before.text ?? '');
    const { outcome } = await this.send(command);
    if (!outcome.ok) {
      const again = onRefused && { label: t('toast.reopen'), run: onRefused };
      showToast(t('toast.refused', { text, why: refusalText(outcome.refusal, outcome.detail) }), { action: again, ms: 12_000 });
      return outcome.refusal;
    }
    this.said(t(saidKey(command), { text }), { questions: done ? [done] : [], session: [], seq: outcome.seq });
    return null;
  }

  /** The same for many; each succeeds or fails alone. */
  async many(commands: readonly QuestionCommand[]): Promise<void> {
    const first = commands[0];
    if (!first) return;
    if (commands.length === 1) return void await this.one(first);
    const done = new Map(commands.map((command) => [command.question, this.doneBy(command)]));
    const sent = await this.all(commands, (command) => this.send(command));
    const accepted = sent.filter(({ outcome }) => outcome.ok);
    const refused = sent.filter(({ outcome }) => !outcome.ok);
    for (const { command, outcome } of refused.slice(0, 1)) {
      const text = excerpt(done.get(command.question)?.before.text ?? '');
      const why = outcome.ok ? '' : refusalText(outcome.refusal, outcome.detail);
      showToast(refused.length === 1 ? t('toast.refused', { text, why }) : t('toast.refused_many', { n: refused.length, why }), { ms: 12_000 });
    }
    if (accepted.length === 0) return;
    const questions = accepted.flatMap(({ command }) => done.get(command.question) ?? []);
    this.said(t(`${saidKey(first)}_many` as HostKey, { n: accepted.length }), { questions, session: [], seq: lastSeq(accepted) });
  }

  async policies(changes: readonly [Policy, number][], said: string): Promise<boolean> {
    return this.session(changes.map(([policy, value]) => ({ type: 'policy', policy, value })), said);
  }

  async state(state: SessionState): Promise<boolean> {
    return this.session([{ type: 'state', state }], t(`said.state.${state}`));
  }

  private async session(commands: readonly SessionCommand[], said: string): Promise<boolean> {
    const before = this.room.state.peek().info!;
    const sent = await Promise.all(commands.map((command) => this.send(command)));
    const accepted = sent.filter(({ outcome }) => outcome.ok);
    const refused = sent.map(({ outcome }) => outcome).find((outcome) => !outcome.ok);
    if (refused && !refused.ok) showToast(refusalText(refused.refusal, refused.detail), { ms: 12_000 });
    if (accepted.length > 0) {
      this.said(said, { questions: [], session: accepted.map(({ command }) => ({ command, before })), seq: lastSeq(accepted) });
    }
    return !refused;
  }

  undoLast(): void {
    const entry = this.stack[this.stack.length - 1];
    if (entry) void this.undo(entry);
    else showToast(t('undo.nothing'), { ms: 4000 });
  }

  private async undo(entry: Entry): Promise<void> {
    if (!this.stack.includes(entry)) return;
    this.stack = this.stack.filter((other) => other !== entry);
    dismissToast(entry.toast);
    await this.room.caughtUp(entry.seq);
    const { info, questions } = this.room.state.peek();
    const ways = [
      ...entry.questions.map((done) => takeBack(done, questions)),
      ...entry.session.map(({ command, before }) => info && takeBackSession(command, before, info)),
    ];
    const possible = ways.filter((way) => way !== null);
    const outcomes = await this.all(possible, (way) => this.inOrder(way));
    this.onUndone(entry.questions.map(({ before }) => before.id));
    this.saidUndone(outcomes.find((outcome) => outcome !== null) ?? null, ways.length - possible.length);
  }

  private saidUndone(refused: Outcome | null, changed: number): void {
    dismissToast(this.undone);
    if (refused && !refused.ok) showToast(t('undo.refused', { why: refusalText(refused.refusal, refused.detail) }), { ms: 12_000 });
    else if (changed > 0) showToast(t('undo.changed', { n: changed }), { ms: 12_000 });
    else this.undone = showToast(t('undo.done'), { ms: 4000 });
  }

  /** One after the other, to the first refusal. */
  private async inOrder(commands: readonly Command[]): Promise<Outcome | null> {
    for (const command of commands) {
      const { outcome } = await this.send(command);
      if (!outcome.ok) return outcome;
      await this.room.caughtUp(outcome.seq);
    }
    return null;
  }

  private async all<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
    const results = await paced(items, run, (n) => { this.progress.value = { n, of: items.length }; });
    this.progress.value = null;
    return results;
  }

  private async send<C extends Command>(command: C): Promise<Sent<C>> {
    return { command, outcome: await this.room.do(command) };
  }

  private doneBy(command: QuestionCommand): Done | null {
    const { questions } = this.room.state.peek();
    const before = questions.get(command.question);
    return before ? { command, before, onStage: staged(questions)?.id ?? null } : null;
  }

  private said(text: string, entry: Omit<Entry, 'toast'>): void {
    const made: Entry = { ...entry, toast: 0 };
    made.toast = showToast(text, { action: { label: t('toast.undo'), run: () => void this.undo(made) } });
    this.stack = [...this.stack.slice(1 - undoable), made];
    this.onChange();
  }
}

function lastSeq(sent: readonly Sent<Command>[]): number {
  return Math.max(...sent.map(({ outcome }) => outcome.ok ? outcome.seq : 0));
}
