// lectern-audience as a child: orders in, figures out.
import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Rig } from '../lib/rig';
import type { Name } from './servers';

const bin = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../build/release/loadtest/lectern-audience');

/** What one order came to. changes: numbers received, all members together; messages: that carried them. */
export interface Heard { seconds: number; published: number; changes: number; messages: number; bytes: number;
  p50_ms: number; p95_ms: number; p99_ms: number; max_ms: number; wrong: number }

export class Audience {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private readonly ended: Promise<void>;
  private constructor(private readonly rig: Rig, readonly name: Name, args: string[]) {
    this.child = spawn(bin, ['--server', name, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.answers = createInterface(this.child.stdout!)[Symbol.asyncIterator]();
    const complaints: Interface = createInterface(this.child.stderr!);
    complaints.on('line', (line) => rig.wrong(line));
    this.ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    rig.atEnd(() => this.leave());
  }
  /** All members are there when it returns. */
  static async join(rig: Rig, name: Name, port: number, members: number, options: Record<string, string | number> = {}): Promise<Audience> {
    const more = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)]);
    const audience = new Audience(rig, name, ['--port', String(port), '--members', String(members), ...more]);
    await audience.answer();
    return audience;
  }
  /** All members go; nothing happens the second time. */
  leave(): Promise<void> {
    this.child.stdin!.end();
    return this.ended;
  }
  private async answer(): Promise<Heard> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`lectern-audience for ${this.name} has ended`);
    const heard = JSON.parse(value) as Heard;
    if (heard.wrong) this.rig.wrong(`${this.name}: ${heard.wrong} things are wrong`);
    return heard;
  }
  private order(text: string): Promise<Heard> {
    this.child.stdin!.write(`${text}\n`);
    return this.answer();
  }
  steady(rate: number, seconds: number): Promise<Heard> { return this.order(`steady ${rate} ${seconds}`); }
  flood(depth: number, seconds: number): Promise<Heard> { return this.order(`flood ${depth} ${seconds}`); }
}
