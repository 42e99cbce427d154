// What must not grow unnoticed, counted and not timed, so that a regression fails on any machine: system calls and
// allocations of a fan-out, statements of a join storm, memory of a person who listens, instructions of a vote in the core.
// The gateway is the one that people run (no sanitizers). Each limit stands beside what was measured when it was set.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Audience } from '../../loadtest/compare/audience';
import { callsDuring } from '../../loadtest/compare/cpu';
import { countStatements, since, startCounting, statements } from '../../loadtest/lib/database';
import { memoryOf } from '../../loadtest/lib/processes';
import { Rig } from '../../loadtest/lib/rig';

const limits = {                       // measured
  callsPerFrame: 1.05,                 // 1.03
  epollCtlPerFrame: 0.02,              // 0.006
  allocationsPerChange: 60,            // 47
  allocationsPerMemberAndChange: 0.01, // 0
  statementsPer1000Joins: 100,         // 12
  bytesPerMember: 4096,                // MEASURED_B
  instructionsPerVote: 1055,           // 844 (gcc 12, x86-64)
};

const here = fileURLToPath(new URL('.', import.meta.url));
const built = (name: string) => join(here, '../../build/release/tests/guard', name);
const counter = join(here, '../out/guard-allocations');
const allocations = () => Number(readFileSync(counter).readBigUInt64LE());
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const questions = 70;

let rig: Rig;

beforeAll(async () => {
  writeFileSync(counter, Buffer.alloc(8));
  rig = new Rig(null);
  const env = { LECTERN_TICK_MAX_MS: '0', LECTERN_HEARTBEAT_MS: '300000', LD_PRELOAD: built('libguard_malloc.so'), GUARD_MALLOC: counter };
  await startCounting(await rig.servers({ env, settings: countStatements }));
});
afterAll(() => rig?.stop());

async function audience(members: number): Promise<Audience> {
  const [room] = await rig.rooms(1, questions);
  return Audience.join(rig, 'lectern', rig.gateway.port, members, { code: room!.code });
}

/** Allocations for each change, while `members` see them. */
async function allocationsPerChange(members: number): Promise<number> {
  const people = await audience(members);
  await people.steady(20, 1);
  const before = allocations(), heard = await people.steady(20, 3);
  const counted = allocations() - before;
  await people.leave();
  return counted / heard.published;
}

/** The first of all: later the gateway has memory that others gave back. */
test('a person who listens costs little memory', async () => {
  const empty = memoryOf(rig.gateway.workers()).rss;
  const people = await audience(3000);
  await pause(1500); // presence has been told
  const full = memoryOf(rig.gateway.workers()).rss;
  await people.leave();
  console.log(`bytes per member: ${((full - empty) / 3000).toFixed(0)}`);
  expect((full - empty) / 3000).toBeLessThan(limits.bytesPerMember);
});

test('a frame is one system call', async (context) => {
  const people = await audience(1000);
  let frames = 0;
  const calls = await callsDuring(rig.gateway.workers(), async () => { frames = (await people.steady(4, 5)).messages; });
  await people.leave();
  if (!calls) context.skip('strace may not trace here');
  console.log(`calls per frame ${(calls!.total / frames).toFixed(4)}, epoll_ctl ${((calls!.byName.get('epoll_ctl') ?? 0) / frames).toFixed(4)}`);
  expect(frames).toBeGreaterThan(10_000);
  expect(calls!.total / frames).toBeLessThan(limits.callsPerFrame);
  expect((calls!.byName.get('epoll_ctl') ?? 0) / frames).toBeLessThan(limits.epollCtlPerFrame);
  expect(rig.complaints).toEqual([]);
});

test('a change allocates the same for few and for many', async () => {
  const few = await allocationsPerChange(50), many = await allocationsPerChange(550);
  console.log(`allocations per change: ${few.toFixed(1)} with 50 members, ${many.toFixed(1)} with 550`);
  expect(few).toBeGreaterThan(1);
  expect(few).toBeLessThan(limits.allocationsPerChange);
  expect((many - few) / 500).toBeLessThan(limits.allocationsPerMemberAndChange);
});

/** Statements while so many join one room at once. */
async function statementsOfJoins(members: number): Promise<number> {
  const rooms = await rig.rooms(1, 5);
  const before = await statements(rig.system);
  await rig.load(rooms, { members, votes: 0, warm: 0, seconds: 0, ramp: 0, settle: 60 });
  const asked = since(before, await statements(rig.system));
  return asked.reads + asked.writes;
}

test('joins are looked up in batches', async () => {
  const one = await statementsOfJoins(1000), two = await statementsOfJoins(2000);
  console.log(`statements: ${one} for 1,000 joins, ${two} for 2,000`);
  expect(one).toBeGreaterThan(3);
  expect(one).toBeLessThan(limits.statementsPer1000Joins);
  expect(two).toBeLessThan(2 * limits.statementsPer1000Joins);
  expect(rig.complaints).toEqual([]);
});

function instructions(votes: number): number {
  const { stderr } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', built('guard_votes'), String(votes)],
    { encoding: 'utf8' });
  return Number(/Collected : (\d+)/.exec(stderr)?.[1]);
}

test.skipIf(process.arch !== 'x64')('a vote is few instructions in the core', () => {
  const perVote = (instructions(20_000) - instructions(10_000)) / 10_000;
  console.log(`instructions per vote: ${perVote.toFixed(0)}`);
  expect(perVote).toBeGreaterThan(10);
  expect(perVote).toBeLessThan(limits.instructionsPerVote);
});
