// One room as a page sees it: the connection's messages folded into a signal, and the commands that a person can give.
import { batch, computed, effect, signal } from '@preact/signals';
import { Connection } from '../net/socket';
import type { Entry, Outcome, OutboxStorage } from '../net/outbox';
import {
  commandRules,
  type AskCommand, type Command, type CommandWord, type Page, type QuestionRecord, type Refusal, type Role, type ServerMessage,
} from '../net/protocol.gen';
import {
  applyLive, applyMine, applyMore, applyOwn, applySnapshot, applyVote, emptyRoom, listOf, policyOf, staged, visibleQuestions,
  type ListName, type RoomState,
} from './room';
import { Pace } from './pace';
import { dropSettled, voteView, wishedVotes, type Settled, type VoteView } from './votes';

export interface RefusedAsk {
  key: string;
  text: string;
  refusal: Refusal;
  detail: number;
}

export function pageStorage(): (OutboxStorage & Storage) | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

const catchUpMs = 4000;
/** Between two pictures of what others do. */
const restMs = 100;
const hostSide: readonly Role[] = ['moderator', 'cohost', 'host'];

export class Room {
  /** What is shown. */
  readonly state = signal<RoomState>(emptyRoom);
  readonly role = signal<Role>('attendee');
  readonly participant = signal(0);
  readonly outbox = signal<readonly Entry[]>([]);
  readonly refusedAsks = signal<readonly RefusedAsk[]>([]);
  /** Refusals that no form waits for. */
  readonly lastRefusal = signal<{ refusal: Refusal; detail: number } | null>(null);
  readonly all = computed(() => visibleQuestions(this.state.value));
  readonly onStage = computed(() => staged(this.all.value));
  readonly connection: Connection;
  /** All that has come. */
  private latest = emptyRoom;
  private readonly pace = new Pace(() => batch(() => this.show()), restMs);
  private readonly settled = signal<ReadonlyMap<number, Settled>>(new Map());
  private readonly wished = computed(() => wishedVotes(this.outbox.value));
  private readonly waiting = new Map<string, (outcome: Outcome) => void>();
  private readonly offsets = new Map<ListName, number>();
  private readonly tabs: BroadcastChannel | null;
  private clockOffset = 0;

  constructor(readonly code: string, page: Page) {
    this.tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`lectern.votes.${code}`);
    this.connection = new Connection({
      code,
      page,
      storage: pageStorage(),
      held: () => this.latest.seq,
      onMessage: (message) => batch(() => this.take(message)),
      onOutcome: (entry, outcome) => batch(() => this.finish(entry, outcome)),
      onOutbox: (entries) => { this.outbox.value = entries; },
    });
  }

  start(): void {
    if (this.tabs) {
      this.tabs.onmessage = (event: MessageEvent<{ question: number; on: boolean }>) => {
        this.update(applyVote(this.latest, event.data.question, event.data.on));
      };
    }
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
    this.pace.stop();
    this.tabs?.close();
  }

  /** The server's clock. */
  now(): number {
    return Date.now() + this.clockOffset;
  }

  /** Give a command and wait for the answer, over any number of reconnects. */
  do(command: Command): Promise<Outcome> {
    const entry = this.connection.send(command);
    return new Promise((resolve) => this.waiting.set(entry.id, resolve));
  }

  ask(command: AskCommand): void {
    this.connection.send(command);
  }

  vote(question: number, on: boolean): void {
    this.connection.send({ type: 'vote', question, on });
  }

  /** A command on this question is on its way. */
  isBusy(question: number): boolean {
    return this.outbox.value.some(({ command }) => 'question' in command && command.question === question);
  }

  /** An answer may come before the frame that shows it: wait for that, but not for ever. */
  caughtUp(seq: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, catchUpMs);
      const stop = effect(() => {
        if (this.state.value.seq < seq) return;
        clearTimeout(timer);
        resolve();
        queueMicrotask(() => stop());
      });
    });
  }

  voteOn(question: number): VoteView {
    return voteView(this.state.value, this.wished.value, this.settled.value, question);
  }

  forgetRefused(key: string): void {
    this.refusedAsks.value = this.refusedAsks.value.filter((ask) => ask.key !== key);
  }

  /** May the reader do this now, by role and state? (Own question, time windows and policies are not known here.) */
  may(word: CommandWord, question?: QuestionRecord): boolean {
    const rule = commandRules[word];
    const { info } = this.state.value;
    if (!info || !rule.sessions.includes(info.state) || !rule.roles.includes(this.role.value)) return false;
    return !question || rule.questions.includes(question.state);
  }

  get isHostSide(): boolean {
    return hostSide.includes(this.role.value);
  }

  /** Are there questions of this list beyond those that we hold? */
  hasMore(list: ListName): boolean {
    const { info, totals } = this.state.value;
    if (!info) return false;
    const held = listOf(this.all.value, list).length + (list !== 'answered' && this.onStage.value ? 1 : 0);
    if (held >= (list === 'answered' ? info.answered : info.live)) return false;
    const total = totals[list];
    const offset = this.offsets.get(list);
    return offset === undefined || total === undefined || offset < total;
  }

  more(list: ListName): void {
    this.connection.request({ type: 'more', list, offset: this.offsets.get(list) ?? 0 });
  }

  private take(message: ServerMessage): void {
    const room = this.latest;
    switch (message.type) {
      case 'welcome':
        this.role.value = message.role;
        this.participant.value = message.participant;
        this.clockOffset = message.now - Date.now();
        break;
      case 'snapshot':
        this.offsets.clear();
        this.update(applySnapshot(room, message));
        break;
      case 'live': {
        const next = applyLive(room, message);
        if (next) this.update(next, 'soon');
        else this.connection.resume();
        break;
      }
      case 'mine':
        this.update(applyMine(room, message));
        break;
      case 'own':
        this.update(applyOwn(room, message.questions));
        break;
      case 'presence':
        this.update({ ...room, here: message.here, peak: message.peak }, 'soon');
        break;
      case 'more': {
        const list = message.list as ListName;
        const next = message.offset + message.questions.length;
        this.offsets.set(list, message.questions.length === 0 ? message.total : next);
        this.update(applyMore(room, message));
        // Everything in it was there already: go on until something new comes.
        if (this.latest.extra.size === room.extra.size && this.hasMore(list)) this.more(list);
        break;
      }
    }
  }

  private update(next: RoomState, when: 'now' | 'soon' = 'now'): void {
    this.latest = next;
    this.pace[when]();
  }

  private show(): void {
    this.state.value = this.latest;
    this.settled.value = dropSettled(this.settled.peek(), this.latest.seq);
  }

  private finish(entry: Entry, outcome: Outcome): void {
    const { command } = entry;
    if (outcome.ok) this.committed(command, outcome.seq);
    const resolve = this.waiting.get(entry.id);
    this.waiting.delete(entry.id);
    resolve?.(outcome);
    if (outcome.ok || resolve) return;
    if (command.type === 'ask') {
      const refused = { key: entry.id, text: command.text, refusal: outcome.refusal, detail: outcome.detail };
      this.refusedAsks.value = [...this.refusedAsks.peek(), refused];
    } else {
      this.lastRefusal.value = { refusal: outcome.refusal, detail: outcome.detail };
    }
  }

  private committed(command: Command, seq: number): void {
    const room = this.latest;
    if (command.type === 'vote') {
      const delta = room.votes.has(command.question) === command.on ? 0 : command.on ? 1 : -1;
      const before = this.settled.peek().get(command.question);
      const sum = delta + (before && before.seq > room.seq ? before.delta : 0);
      this.settled.value = new Map(this.settled.peek()).set(command.question, { delta: sum, seq });
      this.update(applyVote(room, command.question, command.on));
      this.tabs?.postMessage({ question: command.question, on: command.on });
    } else if (command.type === 'feedback') {
      const { stars, recommend, text, name } = command;
      this.update({ ...room, feedback: { stars, recommend, text, name } });
    } else if (command.type === 'ask' && !room.own.has(seq)) {
      this.update(applyOwn(room, [this.provisional(command, seq)]));
    }
  }

  /** A question's id is the seq that it was committed with: show it at once, the server's own record follows. */
  private provisional(command: AskCommand, seq: number): QuestionRecord {
    const { info } = this.latest;
    const now = this.now();
    const waits = info !== null && policyOf(info, 'review') === 1 && !this.isHostSide;
    return {
      id: seq, state: waits ? 'pending' : 'live', votes: 0, text: command.text.trim(), name: command.name, asked_at: now,
      state_at: now, reply: '', reply_private: false, reason: 'none', note: '', edited: false, asker: 0,
      anonymous: command.anonymous, original: '',
    };
  }
}
