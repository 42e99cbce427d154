// A protocol client as gateway/PROTOCOL.md describes it, on lectern.v1.json. It checks every sequence number that it
// receives, keeps the state that the frames describe, and sends each command until it is answered.
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { until } from './procs';

export interface Question { id: number; state: string; votes: number; text: string; name: string; reply: string;
  reason: string; note: string; asker: number }
const toQuestion = (q: any[]): Question => ({ id: q[0], state: q[1], votes: q[2], text: q[3], name: q[4], reply: q[7],
  reason: q[9], note: q[10], asker: q[12] });

export interface Answer { ok: boolean; seq: number; refusal: string; detail: number }
interface Waiting { message: unknown[]; done: (a: Answer) => void }

export class Client {
  ws?: WebSocket;
  seq = 0;
  token = '';
  cookie = '';
  role = '';
  participant = 0;
  resumed = false;
  info: any[] | null = null;
  here = 0;
  questions = new Map<number, Question>();
  own = new Map<number, Question>();
  voted = new Set<number>();
  feedback: any[] | null = null;
  gaps = 0;
  snapshots = 0;
  welcomes = 0;
  closing?: [string, number];
  closeCode = 0;
  private waiting = new Map<string, Waiting>();
  private stopped = false;

  constructor(public url: string, readonly code: string, readonly page = 'attendee') {}

  /** Connect, and stay connected until leave(): reconnects to `url`, resends what is unanswered. */
  async join(): Promise<this> {
    const before = this.welcomes;
    this.connect();
    await until(`welcome for ${this.page}`, () => this.welcomes > before || this.closeCode >= 4500);
    if (this.closeCode >= 4500) throw new Error(`closed: ${this.closeCode} ${this.closing}`);
    return this;
  }
  connect(): void {
    this.stopped = false;
    const headers: Record<string, string> = this.cookie ? { cookie: this.cookie, origin: this.url } : {};
    const ws = new WebSocket(this.url.replace('http', 'ws') + '/ws', 'lectern.v1.json', { headers });
    this.ws = ws;
    ws.on('open', () => ws.send(JSON.stringify(['hello', this.code, this.page, this.seq, this.token])));
    ws.on('message', (data) => this.receive(JSON.parse(String(data))));
    ws.on('error', () => {});
    ws.on('close', (code) => {
      this.closeCode = code;
      if (!this.stopped && code < 4500) setTimeout(() => !this.stopped && this.ws === ws && this.connect(), 50 + Math.random() * 200);
    });
  }
  private receive(m: any[]): void {
    switch (m[0]) {
      case 'welcome':
        [, this.role, , this.participant] = m;
        if (m[4]) this.token = m[4];
        this.resumed = m[7];
        this.welcomes++;
        for (const w of this.waiting.values()) this.ws!.send(JSON.stringify(w.message));
        break;
      case 'snapshot':
        this.snapshots++;
        this.seq = m[1];
        this.info = m[2];
        this.questions = new Map(m[3].map((q: any[]) => [q[0], toQuestion(q)]));
        break;
      case 'live': {
        const [, from, to, info, questions, counts, gone] = m;
        if (to <= this.seq) break;
        if (from > this.seq) { this.gaps++; this.ws!.close(); break; }
        this.seq = to;
        if (info) this.info = info;
        for (const q of questions) this.questions.set(q[0], toQuestion(q));
        for (let i = 0; i < counts.length; i += 2) { const q = this.questions.get(counts[i]); if (q) q.votes = counts[i + 1]; }
        for (const id of gone) this.questions.delete(id);
        break;
      }
      case 'mine':
        this.own = new Map(m[1].map((q: any[]) => [q[0], toQuestion(q)]));
        this.voted = new Set(m[2]);
        this.feedback = m[3];
        break;
      case 'own':
        for (const q of m[1]) this.own.set(q[0], toQuestion(q));
        break;
      case 'presence': this.here = m[1]; break;
      case 'ack': this.answer(m[1], { ok: true, seq: m[2], refusal: '', detail: 0 }); break;
      case 'refused': this.answer(m[1], { ok: false, seq: 0, refusal: m[2], detail: m[3] }); break;
      case 'closing': this.closing = [m[1], m[2]]; break;
    }
  }
  private answer(id: string, answer: Answer): void {
    const w = this.waiting.get(id);
    if (!w) return;
    if (answer.refusal === 'unavailable' || answer.refusal === 'too_fast') {
      setTimeout(() => this.waiting.has(id) && this.ws?.readyState === WebSocket.OPEN && this.ws.send(JSON.stringify(w.message)), 200);
      return;
    }
    this.waiting.delete(id);
    w.done(answer);
  }
  /** Send a command under a given id (a new one without), resend after each reconnect, resolve with its answer. */
  command(word: string, fields: unknown[], id = randomBytes(16).toString('hex')): Promise<Answer> {
    return new Promise((done) => {
      const message = [word, id, ...fields];
      this.waiting.set(id, { message, done });
      if (this.ws?.readyState === WebSocket.OPEN && this.welcomes) this.ws.send(JSON.stringify(message));
    });
  }
  async must(word: string, ...fields: unknown[]): Promise<number> {
    const a = await this.command(word, fields);
    if (!a.ok) throw new Error(`${word} refused: ${a.refusal} ${a.detail}`);
    return a.seq;
  }
  send(raw: unknown): void { this.ws!.send(typeof raw === 'string' ? raw : JSON.stringify(raw)); }
  async leave(): Promise<void> {
    this.stopped = true;
    const ws = this.ws;
    if (!ws || ws.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((done) => { ws.once('close', () => done()); ws.terminate(); });
  }
  /** The public state as one comparable value. */
  state(): string {
    return JSON.stringify([...this.questions.values()].map((q) => [q.id, q.state, q.votes, q.text]).sort((a, b) => Number(a[0]) - Number(b[0])));
  }
}
