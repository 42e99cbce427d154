// Everything a run starts: servers on their cores, rooms with questions, the load generator on its own core. What is
// found to be wrong is collected here; a run with one complaint is no figure.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../../tests/lib/client';
import { Organizer } from '../../tests/lib/organizer';
import { System, type Gateway } from '../../tests/lib/procs';
import { runLoad, type LoadResult, type Phase } from './load';
import { pinSelf, type Cores } from './pin';

export interface Room { id: number; code: string }

export interface ServersWanted {
  gateways?: number;
  workers?: number;
  /** LECTERN_… settings of the gateways */
  env?: Record<string, string>;
  /** of PostgreSQL, beyond its defaults */
  settings?: Record<string, string>;
}

/** What somebody wants to try without a change of the code. */
export interface Trial { env: Record<string, string>; settings: Record<string, string>; sql: string }

/** What many people at once need and strangers should not have; a run says so in its README. */
const generous = { LECTERN_COMMANDS_PER_MINUTE: '100000', LECTERN_CONNECTIONS_MAX: '19000', LECTERN_LOG_LEVEL: 'warn' };

const texts = ['How does this behave when the whole hall asks at once?', 'What would you measure first?',
  'Is there a way to take part without a phone?', 'Which part of this was harder than it looks, and why?'];

/** `work` for each item, at most `width` at a time, in order. */
export async function each<T, R>(items: T[], width: number, work: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!, i);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

export class Rig {
  readonly complaints: string[] = [];
  readonly dir = mkdtempSync(join(tmpdir(), 'lectern-load-'));
  private readonly endings: (() => Promise<void> | void)[] = [];
  private running?: { system: System; organizer: Organizer };
  private stopped = false;
  constructor(readonly cores: Cores | null, private readonly trial: Trial = { env: {}, settings: {}, sql: '' }) {
    if (cores) pinSelf(cores.clients);
  }
  get system(): System { return this.running!.system; }
  get gateway(): Gateway { return this.system.gateways[0]!; }

  wrong(what: string): void {
    if (this.complaints.push(what) <= 20) this.say(`wrong: ${what}`);
  }
  say(text: string): void { process.stderr.write(`loadtest: ${text}\n`); }

  /** Run `start` so that the processes it starts are on the servers' cores. */
  async onServerCores<T>(start: () => Promise<T>): Promise<T> {
    if (this.cores) pinSelf(this.cores.servers);
    try {
      return await start();
    } finally {
      if (this.cores) pinSelf(this.cores.clients);
    }
  }
  /** Called when the run is over, the last first. */
  atEnd(end: () => Promise<void> | void): void { this.endings.push(end); }

  /** PostgreSQL, Redis and gateways. A second call stops those of the first. */
  async servers({ gateways = 1, workers = 1, env = {}, settings = {} }: ServersWanted): Promise<System> {
    await this.running?.system.stop();
    const system = await this.onServerCores(() =>
      System.start(gateways, { ...generous, LECTERN_WORKERS: String(workers), ...env, ...this.trial.env }, { ...settings, ...this.trial.settings }));
    if (this.trial.sql) await system.postgres.query(this.trial.sql);
    this.running = { system, organizer: await Organizer.setUp(system) };
    return system;
  }

  /** Live rooms without review, each with `questions` questions that everybody sees. */
  async rooms(count: number, questions: number): Promise<Room[]> {
    const { organizer } = this.running!;
    return each(Array.from({ length: count }), 16, async () => {
      const room = await organizer.session({ review: 0 });
      await this.ask(room.code, questions);
      return room;
    });
  }
  private async ask(code: string, questions: number): Promise<void> {
    if (questions === 0) return;
    const asker = await new Client(this.gateway.url, code).join();
    await Promise.all(Array.from({ length: questions }, (_, i) => asker.must('ask', `${i + 1}. ${texts[i % texts.length]}`, 'Load', false)));
    await asker.leave();
  }

  /** Run lectern-load on the clients' core; its complaints become the run's. */
  async load(rooms: Room[], options: Record<string, string | number | true>, onPhase: (phase: Phase) => void | Promise<void> = () => {},
    others?: (room: Room) => Promise<number>): Promise<LoadResult> {
    return runLoad(this, rooms, options, onPhase, others);
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    for (const end of this.endings.reverse()) await end();
    await this.running?.system.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
