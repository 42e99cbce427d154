// What must not grow unnoticed, counted and not timed, so that a regression fails on any machine: system calls and
// allocations of a fan-out, statements of a join storm, memory of a person who listens, instructions of a vote in the core.
// The gateway is the one that people run, without sanitizers. Each test prints what it counted.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Audience } from '../../loadtest/compare/audience';
import { callsDuring } from '../../loadtest/compare/cpu';
import { countStatements, since, startCounting, statements } from '../../loadtest/lib/database';
import { memoryOf } from '../../loadtest/lib/processes';
import { Rig, type Room } from '../../loadtest/lib/rig';
import { lecternBin, until } from '../lib/procs';

// least: below that nothing was counted, and the test is what is broken. Measured with gcc 12 on x86-64; a change's fixed
// share of the calls is spread over a thousand members. again: what prints the same figure.
const figures = {
  'system calls per frame':            { least: 1,   limit: 1.05,  measured: 1.021, again: './loadtest/run fanout: syscalls_per_frame' },
  'epoll_ctl per frame':               { least: 0,   limit: 0.02,  measured: 0.004, again: './loadtest/run fanout: epoll_ctl_per_frame' },
  'allocations per change':            { least: 1,   limit: 60,    measured: 45,    again: './tests/run guard' },
  'allocations per change and member': { least: -1,  limit: 0.01,  measured: 0,     again: './tests/run guard' },
  'statements per 1,000 joins':        { least: 3,   limit: 60,    measured: 10,    again: './tests/run guard' },
  'bytes per member':                  { least: 500, limit: 4096,  measured: 3170,  again: './loadtest/run idle: bytes_per_member' },
  'instructions per vote':             { least: 100, limit: 1055,  measured: 844,   again: './tests/run guard: valgrind --tool=callgrind guard_votes N' },
};

/** Soft: one that is too large does not hide the next. */
function hold(name: keyof typeof figures, counted: number): void {
  const { least, limit, measured, again } = figures[name];
  console.log(`${name}: ${Number(counted.toFixed(4))}, at most ${limit}, was ${measured} (${again})`);
  expect.soft(counted, name).toBeGreaterThanOrEqual(least);
  expect.soft(counted, name).toBeLessThanOrEqual(limit);
}

const built = (name: string) => join(dirname(lecternBin), '../tests/guard', name);
const questions = 70; // a member votes once for each
const slots = 65536;  // GUARD_SLOTS of malloc.c

let rig: Rig, counters: string;

// Nothing is held back and no pings are sent: what is counted belongs to the changes and to nothing else.
beforeAll(async () => {
  rig = new Rig(null);
  counters = join(rig.dir, 'allocations');
  writeFileSync(counters, Buffer.alloc(8 * slots));
  const env = { LECTERN_TICK_MAX_MS: '0', LECTERN_HEARTBEAT_MS: '300000', LD_PRELOAD: built('libguard_malloc.so'), GUARD_MALLOC: counters };
  await startCounting(await rig.servers({ env, settings: countStatements }));
});
afterAll(() => rig?.stop());

const worker = () => rig.gateway.workers()[0]!;
const audience = (room: Room, members: number) => Audience.join(rig, 'lectern', rig.gateway.port, members, { code: room.code });

// ---- memory ----

// The first of all: later the worker has memory that others gave back. What the first few need once is not counted.
test('a person who listens costs little memory', async () => {
  const [room] = await rig.rooms(1, questions), members = 2000;
  const few = await audience(room!, 200), before = memoryOf([worker()]).rss;
  const many = await audience(room!, members), after = memoryOf([worker()]).rss;
  await many.leave();
  await few.leave();
  hold('bytes per member', (after - before) / members);
  expect(rig.complaints).toEqual([]);
});

// ---- a change goes to everybody ----

/** At least so many changes, one at a time: no two are committed together or share a frame, however slow everything is. */
async function changes(people: Audience, least: number): Promise<{ published: number; frames: number }> {
  const sum = { published: 0, frames: 0 };
  while (sum.published < least) {
    const { published, messages } = await people.flood(1, 0.5);
    sum.published += published;
    sum.frames += messages;
  }
  return sum;
}

/** Whether strace has all threads of a process; false after a while: it may not trace here. */
function traced(pid: number): Promise<boolean> {
  const has = (thread: string) => !/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'));
  return until('strace is there', () => readdirSync(`/proc/${pid}/task`).every(has), 5000).catch(() => false);
}

test('a frame is one system call', async ({ skip }) => {
  const [room] = await rig.rooms(1, questions), people = await audience(room!, 1000);
  let frames = 0, permitted = false;
  const calls = await callsDuring([worker()], async () => {
    permitted = await traced(worker());
    if (permitted) ({ frames } = await changes(people, 50));
  });
  await people.leave();
  if (!permitted) {
    console.log('skipped: strace is not permitted to trace the worker here');
    skip('strace is not permitted to trace the worker here');
  }
  hold('system calls per frame', calls!.total / frames);
  hold('epoll_ctl per frame', (calls!.byName.get('epoll_ctl') ?? 0) / frames);
  expect(rig.complaints).toEqual([]);
});

/** Allocations of the worker for each change, while `members` see them. */
async function allocationsPerChange(members: number): Promise<number> {
  const allocations = () => Number(readFileSync(counters).readBigUInt64LE(8 * (worker() % slots)));
  const [room] = await rig.rooms(1, questions), people = await audience(room!, members);
  await changes(people, 50); // buffers have grown to their size
  const before = allocations(), { published } = await changes(people, 200), counted = allocations() - before;
  await people.leave();
  return counted / published;
}

test('a change allocates the same for few and for many', async () => {
  const few = await allocationsPerChange(100), many = await allocationsPerChange(600);
  hold('allocations per change', few);
  hold('allocations per change and member', (many - few) / 500);
  expect(rig.complaints).toEqual([]);
});

// ---- everybody joins ----

/** Nobody's visit can be written down while `work` runs. */
async function withVisitsHeldUp(work: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ host: /host=(\S+)/.exec(rig.system.postgres.conninfo)![1], user: 'lectern', database: 'postgres' });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE participant IN EXCLUSIVE MODE');
    await work();
  } finally {
    await client.end();
  }
}

// The first batch waits for the lock while the others gather: how many batches there are does not depend on who is quicker.
test('people who come together are looked up together', async () => {
  const rooms = await rig.rooms(1, 5), members = 1000;
  const there = async () => (await rig.gateway.metric('connections')) >= members;
  const before = await statements(rig.system), hellos = await rig.gateway.metric('hellos_total');
  let joining: Promise<unknown> = Promise.resolve();
  await withVisitsHeldUp(async () => {
    joining = rig.load(rooms, { members, votes: 0, warm: 0, seconds: 0, ramp: 0, settle: 60 });
    await Promise.race([joining, until('all are connected', there)]);
  });
  await joining;
  const asked = since(before, await statements(rig.system));
  expect(await rig.gateway.metric('hellos_total') - hellos).toBe(members);
  hold('statements per 1,000 joins', asked.reads + asked.writes);
  expect(rig.complaints).toEqual([]);
});

// ---- the core ----

function instructions(votes: number): number {
  const { stderr } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', built('guard_votes'), String(votes)],
    { encoding: 'utf8' });
  return Number(/Collected : (\d+)/.exec(stderr)?.[1]);
}

// With N and with 2N votes: the difference has no start-up in it.
test('a vote is few instructions in the core', ({ skip }) => {
  if (process.arch !== 'x64') {
    console.log(`skipped: the limit is of x86-64, this is ${process.arch}`);
    skip(`the limit is of x86-64, this is ${process.arch}`);
  }
  hold('instructions per vote', (instructions(20_000) - instructions(10_000)) / 10_000);
});
