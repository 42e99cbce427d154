// The same fan-out through several servers, side by side: all are up at once, each with the same number of members, and
// they take turns, so that whatever else the machine does meets all of them alike. Ratios are made within a round.
import type { Figures } from '../lib/scenario';
import type { Rig } from '../lib/rig';
import { Audience, type Heard } from './audience';
import { callsDuring, cpuMicroseconds, type Calls } from './cpu';
import { startServer, versionOf, type Name } from './servers';

export const fanoutOptions = {
  members: { value: 1000, text: 'members of the room' },
  rate: { value: 20, text: 'changes per second, each of which leaves at once' },
  round: { value: 2, text: 'seconds of each server in each round' },
  rounds: { value: 9, text: 'rounds; the figures are their medians' },
  depth: { value: 4, text: 'changes under way at saturation' },
  size: { value: 0, text: 'bytes of a message of the others (0: as many as a frame of Lectern has)' },
};
export type FanoutValues = { [K in keyof typeof fanoutOptions]: number };

/** What is measured apart: the process that writes to the sockets, and everything else that the work needs. */
interface Subject { name: Name; audience: Audience; pids: number[]; beside: Record<string, number[]> }

interface Round { steady: Heard; cpu: number; beside: Record<string, number>; }
interface Full { heard: Heard; cpu: number }
export interface Result { name: Name; rounds: Round[]; full: Full[]; calls: Calls | null; callsFor: number }

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

// ---- the subjects ----

const questions = 70; // each member votes once for each: 70,000 votes of 1,000 members, all in the public window

/** Lectern with coalescing held off: every commit leaves at once, whatever the room's tick would be. Pings are put off too:
 * those of a thousand members come together, and would be counted in whichever round they meet. */
async function startLectern(rig: Rig, members: number): Promise<Subject> {
  const system = await rig.servers({ env: { LECTERN_TICK_MAX_MS: '0', LECTERN_HEARTBEAT_MS: '300000' } });
  const [room] = await rig.rooms(1, questions);
  const audience = await Audience.join(rig, 'lectern', rig.gateway.port, members, { code: room!.code });
  return { name: 'lectern', audience, pids: rig.gateway.workers(), beside: { postgres: [system.postgres.pid], redis: [system.redis.pid] } };
}

async function startOther(rig: Rig, name: Exclude<Name, 'lectern'>, members: number, size: number): Promise<Subject> {
  const { port, pid } = await startServer(rig, name);
  return { name, audience: await Audience.join(rig, name, port, members, { size }), pids: [pid], beside: {} };
}

// ---- measuring ----

const cpuOf = (s: Subject) => ({ own: cpuMicroseconds(s.pids),
  beside: Object.fromEntries(Object.entries(s.beside).map(([k, pids]) => [k, cpuMicroseconds(pids)])) });

async function steadyRound(s: Subject, o: FanoutValues): Promise<Round> {
  const before = cpuOf(s), steady = await s.audience.steady(o.rate, o.round), after = cpuOf(s);
  const per = (a: number, b: number) => (a - b) / steady.messages;
  return { steady, cpu: per(after.own, before.own),
    beside: Object.fromEntries(Object.keys(s.beside).map((k) => [k, per(after.beside[k]!, before.beside[k]!)])) };
}

async function fullRound(s: Subject, o: FanoutValues): Promise<Full> {
  const before = cpuOf(s), heard = await s.audience.flood(o.depth, o.round);
  return { heard, cpu: (cpuOf(s).own - before.own) / heard.messages };
}

/** strace makes every call many times slower: a low rate, and nothing else is measured meanwhile. */
async function countCalls(s: Subject): Promise<{ calls: Calls | null; callsFor: number }> {
  let callsFor = 0;
  const calls = await callsDuring(s.pids, async () => { callsFor = (await s.audience.steady(4, 5)).messages; });
  return { calls, callsFor };
}

export async function measure(rig: Rig, names: Name[], o: FanoutValues): Promise<{ results: Result[]; size: number }> {
  const lectern = await startLectern(rig, o.members);
  const warm = await lectern.audience.steady(o.rate, 2);
  const size = o.size || Math.min(1024, Math.max(17, Math.round(warm.bytes / warm.messages)));
  const subjects = [lectern];
  for (const name of names) {
    if (name === 'lectern') continue;
    subjects.push(await startOther(rig, name, o.members, size));
    await subjects.at(-1)!.audience.steady(o.rate, 2);
  }
  const results: Result[] = subjects.map(({ name }) => ({ name, rounds: [], full: [], calls: null, callsFor: 0 }));
  for (let round = 0; round < o.rounds; round++)
    for (const [i, s] of subjects.entries()) results[i]!.rounds.push(await steadyRound(s, o));
  for (let round = 0; round < Math.min(3, o.rounds); round++)
    for (const [i, s] of subjects.entries()) results[i]!.full.push(await fullRound(s, o));
  for (const [i, s] of subjects.entries()) Object.assign(results[i]!, await countCalls(s));
  return { results, size };
}

// ---- figures ----

/** Lectern's CPU per delivered frame ÷ the other's, the median of the rounds. */
export function cpuRatio(results: Result[], name: Name): number {
  const of = (n: Name) => results.find((r) => r.name === n)!.rounds;
  return median(of('lectern').map((round, i) => round.cpu / of(name)[i]!.cpu));
}

const steadyMedian = (r: Result, of: (h: Heard) => number) => median(r.rounds.map((x) => of(x.steady)));
export const perFrame = (r: Result, call?: string) =>
  r.calls && (call ? r.calls.byName.get(call) ?? 0 : r.calls.total) / r.callsFor;

export function figuresOf(r: Result): Figures {
  return {
    cpu_us_per_frame: median(r.rounds.map((x) => x.cpu)),
    p50_ms: steadyMedian(r, (h) => h.p50_ms), p99_ms: steadyMedian(r, (h) => h.p99_ms),
    max_ms: Math.max(...r.rounds.map((x) => x.steady.max_ms)),
    frames_per_s: median(r.full.map((x) => x.heard.messages / x.heard.seconds)),
    full_cpu_us_per_frame: median(r.full.map((x) => x.cpu)), full_p99_ms: median(r.full.map((x) => x.heard.p99_ms)),
    syscalls_per_frame: perFrame(r), epoll_ctl_per_frame: perFrame(r, 'epoll_ctl'),
  };
}

export function tableOf(results: Result[]): Figures[] {
  return results.map((r) => ({ server: r.name, version: versionOf(r.name) ?? '', ...figuresOf(r) }));
}

/** What Lectern spends beside the worker, per delivered frame: a commit and a publication for each change. */
export function wholeOf(results: Result[]): Figures {
  const lectern = results.find((r) => r.name === 'lectern')!;
  const beside = (k: string) => median(lectern.rounds.map((x) => x.beside[k]!));
  return { postgres_us_per_frame: beside('postgres'), redis_us_per_frame: beside('redis'),
    whole_us_per_frame: median(lectern.rounds.map((x) => x.cpu + x.beside.postgres! + x.beside.redis!)) };
}

/** Everything must have reached everybody, and each change in a message of its own: merged ones make fewer frames. */
export function checkDelivery(rig: Rig, results: Result[], members: number): Figures {
  let frames = 0, changes = 0;
  for (const r of results)
    for (const h of [...r.rounds.map((x) => x.steady), ...r.full.map((x) => x.heard)])
      if (h.changes !== h.published * members) rig.wrong(`${r.name}: ${h.changes} changes reached members, of ${h.published * members}`);
  for (const { steady } of results.flatMap((r) => r.rounds)) [frames, changes] = [frames + steady.messages, changes + steady.changes];
  if (frames < 0.9 * changes) rig.wrong(`${changes} changes came in ${frames} frames: the rate is too high here, give a lower --rate`);
  return { frames_checked: frames, frames_merged: changes - frames };
}
