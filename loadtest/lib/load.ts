// lectern-load as a child: its phases as they come, its report, the CPU that everybody used while it measured, and its
// final state compared with PostgreSQL's.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compareWithDatabase, ledger } from './database';
import { cpuSeconds } from './processes';
import type { Rig, Room } from './rig';
import type { Figures } from './scenario';

export const loadBin = process.env.LECTERN_LOAD
  ?? resolve(fileURLToPath(new URL('.', import.meta.url)), '../../build/release/loadtest/lectern-load');

/** join: they connect; warm: they act; measure: from here on it counts; settle: they stop acting; end. */
export type Phase = 'join' | 'warm' | 'measure' | 'settle' | 'end';
export type Parts = Record<'gateway' | 'postgres' | 'redis' | 'load', number>;

export interface LoadResult {
  /** lectern-load's own figures, by name */
  report: Record<string, number>;
  /** between `measure` and `settle`: seconds, and seconds of CPU by part */
  seconds: number;
  cpu: Parts;
}

function cpuNow(rig: Rig, load: number): Parts {
  const { gateways, postgres, redis } = rig.system;
  return { gateway: cpuSeconds(gateways.map((g) => g.pid)), postgres: cpuSeconds([postgres.pid]),
    redis: cpuSeconds([redis.pid]), load: cpuSeconds([load]) };
}

const minus = (a: Parts, b: Parts): Parts =>
  Object.fromEntries(Object.entries(a).map(([k, v]) => [k, v - b[k as keyof Parts]])) as Parts;

const argumentsOf = (options: Record<string, string | number | true>): string[] =>
  Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));

/** `others`: commands in the room that were not lectern-load's. */
export async function runLoad(rig: Rig, rooms: Room[], options: Record<string, string | number | true>,
  onPhase: (phase: Phase) => void | Promise<void>, others: (room: Room) => Promise<number> = async () => 0): Promise<LoadResult> {
  const dump = join(rig.dir, `final-${Date.now()}`), accepted = await ledger(rig.system);
  const child = spawn(loadBin, ['--url', rig.gateway.url.replace('http', 'ws'), '--codes', rooms.map((r) => r.code).join(','),
    '--json', '--phases', '--dump', dump, ...argumentsOf(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  rig.atEnd(() => { if (child.exitCode === null) child.kill('SIGKILL'); });
  let out = '', began = 0, seconds = 0;
  let cpu: Parts = { gateway: 0, postgres: 0, redis: 0, load: 0 };
  const hooks: Promise<void>[] = [];
  child.stdout.on('data', (d) => (out += d));
  const lines = createInterface(child.stderr);
  lines.on('line', (line) => {
    const phase = /^lectern-load: phase: (\w+)$/.exec(line)?.[1] as Phase | undefined;
    if (!phase) {
      if (line.includes('wrong:')) rig.wrong(line.replace(/^.*wrong: /, 'lectern-load: '));
      else rig.say(line);
      return;
    }
    if (phase === 'measure') [began, cpu] = [performance.now(), cpuNow(rig, child.pid!)];
    if (phase === 'settle') [seconds, cpu] = [(performance.now() - began) / 1000, minus(cpuNow(rig, child.pid!), cpu)];
    hooks.push(Promise.resolve(onPhase(phase)).catch((error) => rig.wrong(String(error))));
  });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  await Promise.all(hooks);
  if (!out) throw new Error(`lectern-load ended with ${status} and without a report`);
  const report = JSON.parse(out);
  if (status !== 0 && rig.complaints.length === 0) rig.wrong(`lectern-load ended with ${status}`);
  await compareWithDatabase(rig, rooms, dump, accepted, others);
  return { report, seconds, cpu };
}

/** CPU by part, in per cent of one core. */
export function cpuFigures({ cpu, seconds }: LoadResult): Figures {
  return Object.fromEntries(Object.entries(cpu).map(([part, s]) => [`cpu_${part}_percent`, seconds ? (100 * s) / seconds : 0]));
}

/** The latencies that lectern-load reports. */
export function latencyFigures({ report }: LoadResult): Figures {
  const names = ['ack_p50_ms', 'ack_p95_ms', 'ack_p99_ms', 'ack_max_ms', 'screen_p50_ms', 'screen_p95_ms', 'screen_p99_ms',
    'screen_max_ms', 'last_screen_p50_ms', 'last_screen_p99_ms'];
  return Object.fromEntries(names.map((name) => [name, report[name] ?? null]));
}
