// The connection to a room: its states are said aloud (`state`), it comes back by itself, and what was not answered is
// sent again. What the messages mean is not known here.
import { decode, encode } from '@msgpack/msgpack';
import { signal } from '@preact/signals';
import { backoffMs } from './backoff';
import { Outbox, type Entry, type Outcome, type OutboxStorage } from './outbox';
import {
  closeReasons, closeTable, decodeServerMessage, encodeClientMessage, encodeCommand,
  type ClientMessage, type CloseReason, type Command, type Page, type ServerMessage,
} from './protocol.gen';

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Lost; the next try is at `until`. */
  | { kind: 'waiting'; until: number }
  /** Lost, and the device says it has no network. */
  | { kind: 'offline' }
  /** For good: trying again would not help. */
  | { kind: 'closed'; reason: CloseReason };

export interface ConnectionOptions {
  code: string;
  page: Page;
  /** The last seq that the page holds (0: none). */
  held(): number;
  onMessage(message: ServerMessage): void;
  onOutcome(entry: Entry, outcome: Outcome): void;
  onOutbox(entries: readonly Entry[]): void;
  storage: OutboxStorage | null;
}

const openTimeoutMs = 12_000;
const probeTimeoutMs = 5000;
const steadyMs = 10_000;
const defaultHeartbeatMs = 25_000;

function socketAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
}

/** Whether and when to come back after a close, by its code; a code that we do not know counts by its range. */
export function reasonOfCode(code: number): CloseReason | null {
  const known = closeReasons.find((reason) => closeTable[reason].code === code);
  if (known) return known;
  return code >= 4500 && code <= 4999 ? 'version' : null;
}

export class Connection {
  readonly state = signal<ConnectionState>({ kind: 'connecting' });
  readonly outbox: Outbox;
  private socket: WebSocket | null = null;
  private attempt = 0;
  private liveSince = 0;
  private lastHeard = 0;
  private pingedAt: number | null = null;
  private pingPatience = 0;
  private heartbeatMs = defaultHeartbeatMs;
  private farewell: { reason: CloseReason; retryMs: number } | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private openTimer: ReturnType<typeof setTimeout> | undefined;
  private watchTimer: ReturnType<typeof setInterval> | undefined;
  private sendTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ConnectionOptions) {
    const key = `lectern.outbox.${options.page}.${options.code}`;
    this.outbox = new Outbox(options.storage, key, options.onOutbox);
    options.onOutbox(this.outbox.entries);
  }

  start(): void {
    addEventListener('online', this.nudge);
    addEventListener('offline', this.nudge);
    addEventListener('pageshow', this.nudge);
    document.addEventListener('visibilitychange', this.nudge);
    this.watchTimer = setInterval(() => this.watch(), 1000);
    this.open();
  }

  stop(): void {
    removeEventListener('online', this.nudge);
    removeEventListener('offline', this.nudge);
    removeEventListener('pageshow', this.nudge);
    document.removeEventListener('visibilitychange', this.nudge);
    clearInterval(this.watchTimer);
    clearTimeout(this.retryTimer);
    clearTimeout(this.sendTimer);
    this.drop();
  }

  send(command: Command): Entry {
    const entry = this.outbox.add(command);
    this.flush();
    return entry;
  }

  /** Ask for something that needs no answer to survive a drop. false: not connected. */
  request(message: ClientMessage): boolean {
    if (this.state.peek().kind !== 'live') return false;
    this.write(encodeClientMessage(message));
    return true;
  }

  /** The page has missed something: say hello again, on a new connection. */
  resume(): void {
    this.drop();
    this.open();
  }

  /** Do not wait for the timer. */
  retryNow(): void {
    const { kind } = this.state.peek();
    if (kind === 'waiting' || kind === 'offline') this.open();
  }

  private readonly nudge = (event: Event): void => {
    if (document.visibilityState === 'hidden') return;
    if (this.state.peek().kind === 'live') this.ping(probeTimeoutMs);
    else if (event.type !== 'offline') this.retryNow();
  };

  private open(): void {
    clearTimeout(this.retryTimer);
    this.state.value = { kind: 'connecting' };
    this.farewell = null;
    const socket = new WebSocket(socketAddress(), 'lectern.v1');
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.openTimer = setTimeout(() => this.lost(null), openTimeoutMs);
    socket.onopen = () => {
      const { code, page, held } = this.options;
      this.write(encodeClientMessage({ type: 'hello', code, page, held: held(), token: '' }));
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.heard(event.data);
    socket.onclose = (event) => this.lost(event.code);
  }

  /** Let go of the socket without waiting for its close. */
  private drop(): void {
    clearTimeout(this.openTimer);
    const socket = this.socket;
    this.socket = null;
    this.pingedAt = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
    this.outbox.connectionLost();
  }

  private lost(code: number | null): void {
    this.drop();
    const reason = this.farewell?.reason ?? (code === null ? null : reasonOfCode(code));
    const hint = this.farewell?.retryMs ?? (reason ? closeTable[reason].retry_ms : null);
    if (reason && hint === -1) {
      this.state.value = { kind: 'closed', reason };
      return;
    }
    if (this.liveSince && Date.now() - this.liveSince > steadyMs) this.attempt = 0;
    this.liveSince = 0;
    const wait = backoffMs(this.attempt++, hint);
    this.state.value = navigator.onLine ? { kind: 'waiting', until: Date.now() + wait } : { kind: 'offline' };
    this.retryTimer = setTimeout(() => this.open(), wait);
  }

  private heard(data: ArrayBuffer | string): void {
    this.lastHeard = Date.now();
    this.pingedAt = null;
    const message = decodeServerMessage(typeof data === 'string' ? JSON.parse(data) : decode(new Uint8Array(data)));
    if (!message) {
      console.warn('a message of a newer server was ignored');
      return;
    }
    this.take(message);
    this.options.onMessage(message);
  }

  private take(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        clearTimeout(this.openTimer);
        this.heartbeatMs = message.heartbeat_ms || defaultHeartbeatMs;
        this.liveSince = Date.now();
        this.state.value = { kind: 'live' };
        this.flush();
        break;
      case 'ack':
        this.settle(message.id, { ok: true, seq: message.seq });
        break;
      case 'refused':
        this.settle(message.id, { ok: false, refusal: message.refusal, detail: message.detail });
        break;
      case 'closing':
        this.farewell = { reason: message.reason, retryMs: message.retry_ms };
        break;
    }
  }

  private settle(id: string, outcome: Outcome): void {
    const entry = this.outbox.settle(id, outcome, Date.now());
    if (entry) this.options.onOutcome(entry, outcome);
    this.flush();
  }

  private flush(): void {
    clearTimeout(this.sendTimer);
    if (this.state.peek().kind !== 'live') return;
    const now = Date.now();
    for (const entry of this.outbox.take(now)) this.write(encodeCommand(entry.id, entry.command));
    if (this.outbox.pausedUntil > now) this.sendTimer = setTimeout(() => this.flush(), this.outbox.pausedUntil - now);
  }

  private write(message: unknown[]): void {
    this.socket?.send(encode(message));
  }

  private ping(patienceMs: number): void {
    if (this.pingedAt !== null && patienceMs >= this.pingPatience) return;
    this.pingedAt ??= Date.now();
    this.pingPatience = patienceMs;
    this.write(encodeClientMessage({ type: 'ping', sent: Date.now() }));
  }

  /** Once a second: is the other side still there? Silent for two and a half heartbeats means no. */
  private watch(): void {
    if (this.state.peek().kind !== 'live') return;
    const now = Date.now();
    if (this.pingedAt !== null && now - this.pingedAt > this.pingPatience) this.lost(null);
    else if (now - this.lastHeard > this.heartbeatMs) this.ping(this.heartbeatMs * 1.5);
  }
}
