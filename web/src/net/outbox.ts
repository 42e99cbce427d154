// Commands that nobody has answered yet, in the order they were made. They survive a reload of the page and are sent
// again after each reconnect; the id makes a repeat harmless. A "not now" (retry) holds the whole line, so that the
// order stays: vote on, vote off must not arrive the other way round.
import { refusalTable, type Command, type CommandId, type Refusal } from './protocol.gen';

export interface Entry {
  id: CommandId;
  command: Command;
  /** Handed to the current connection. */
  sent: boolean;
}

export type Outcome = { ok: true; seq: number } | { ok: false; refusal: Refusal; detail: number };

export interface OutboxStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function newCommandId(): CommandId {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function restore(storage: OutboxStorage | null, key: string): Entry[] {
  try {
    const kept = JSON.parse(storage?.getItem(key) ?? '[]') as Pick<Entry, 'id' | 'command'>[];
    return kept.map(({ id, command }) => ({ id, command, sent: false }));
  } catch {
    return [];
  }
}

function isSameVote(a: Command, b: Command): boolean {
  return a.type === 'vote' && b.type === 'vote' && a.question === b.question;
}

export class Outbox {
  private list: Entry[];
  private heldUntil = 0;
  private retries = 0;

  constructor(
    private readonly storage: OutboxStorage | null,
    private readonly key: string,
    private readonly onChange: (entries: readonly Entry[]) => void = () => {},
  ) {
    this.list = restore(storage, key);
  }

  get entries(): readonly Entry[] {
    return this.list;
  }

  /** When the line may move again (0: now). */
  get pausedUntil(): number {
    return this.heldUntil;
  }

  add(command: Command, id: CommandId = newCommandId()): Entry {
    const entry = { id, command, sent: false };
    // A vote that has not left yet is replaced by the newer word on the same question.
    this.change([...this.list.filter((old) => old.sent || !isSameVote(old.command, command)), entry]);
    return entry;
  }

  /** What to send now; the caller sends all of it. */
  take(now: number): Entry[] {
    if (now < this.heldUntil) return [];
    const ready = this.list.filter((entry) => !entry.sent);
    for (const entry of ready) entry.sent = true;
    return ready;
  }

  /** The connection is gone: whatever was on its way is unanswered. */
  connectionLost(): void {
    for (const entry of this.list) entry.sent = false;
    this.heldUntil = 0;
  }

  /** The server has answered. Gives the entry when that settles it; null when it is unknown or will be sent again. */
  settle(id: CommandId, outcome: Outcome, now: number, random: () => number = Math.random): Entry | null {
    const at = this.list.findIndex((entry) => entry.id === id);
    const entry = this.list[at];
    if (!entry) return null;
    if (!outcome.ok && refusalTable[outcome.refusal]?.retry) {
      const newer = this.list.slice(at + 1).some((later) => isSameVote(later.command, entry.command));
      if (newer) this.change(this.list.filter((other) => other !== entry));
      else entry.sent = false;
      // The server names a time, or nobody knows when: then each try waits longer.
      const wait = (outcome.detail || Math.min(15_000, 1000 * 2 ** this.retries++)) + 500 * random();
      this.heldUntil = Math.max(this.heldUntil, now + wait);
      return null;
    }
    this.retries = 0;
    this.change(this.list.filter((other) => other !== entry));
    return entry;
  }

  private change(next: Entry[]): void {
    this.list = next;
    try {
      if (next.length === 0) this.storage?.removeItem(this.key);
      else this.storage?.setItem(this.key, JSON.stringify(next.map(({ id, command }) => ({ id, command }))));
    } catch { /* full or closed storage: the commands live as long as the page */ }
    this.onChange(next);
  }
}
