// Processes die; nothing acknowledged is lost or doubled, and every client converges without being restarted.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Answer } from '../lib/client';
import { Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

let system: System;
let organizer: Organizer;
beforeAll(async () => {
  system = await System.start(2);
  organizer = await Organizer.setUp(system);
});
afterAll(() => system?.stop());

/** People on both gateways who ask and vote until told to stop; then the judge compares answers, screens and tables. */
async function underLoad(fault: () => Promise<void>) {
  const session = await organizer.session({ review: 0 });
  const people = await Promise.all([...Array(8)].map((_, i) => new Client(system.gateways[i % 2]!.url, session.code).join()));
  const asked: Promise<Answer>[] = [];
  let running = true;
  const loops = people.map(async (p, i) => {
    for (let n = 0; running; n++) {
      const ask = p.command('ask', [`Question ${i}.${n}`, '', true]);
      asked.push(ask);
      const { seq, ok } = await ask;
      if (ok) await p.command('vote', [seq, true]);
      await new Promise((done) => setTimeout(done, 30));
    }
  });
  await until('load is flowing', () => asked.length > 16);
  await fault();
  const atFault = asked.length;
  await until('load flows again', () => asked.length > atFault + 16, 60_000);
  running = false;
  await Promise.all(loops);
  const answers = await Promise.all(asked);
  const rows = await system.postgres.query('SELECT id::int, votes, text FROM question WHERE room_id = $1 ORDER BY id', [session.id]);
  const acked = answers.filter((r) => r.ok).map((r) => r.seq).sort((x, y) => x - y);
  expect(rows.map((r) => r.id)).toEqual(acked);
  expect(new Set(rows.map((r) => r.text)).size).toBe(rows.length);
  const [log] = await system.postgres.query('SELECT count(*)::int AS n, max(seq)::int AS top, (SELECT seq::int FROM room WHERE id = $1) AS seq FROM room_event WHERE room_id = $1', [session.id]);
  expect(log!.n).toBe(log!.top);
  expect(log!.seq).toBe(log!.top);
  await until('every screen holds the last seq', () => people.every((p) => p.seq === log!.seq), 30_000).catch((e) => {
    throw new Error(`${e.message}: ${people.map((p) => p.seq)} of ${log!.seq}`);
  });
  for (const p of people) for (const q of p.questions.values()) expect([q.id, q.votes]).toEqual([q.id, rows.find((r) => r.id === q.id)!.votes]);
  await Promise.all(people.map((p) => p.leave()));
  return { session, rows };
}

describe('kill -9 under load', () => {
  it('of a worker', async () => {
    await underLoad(async () => {
      const [worker] = system.gateways[0]!.workers();
      process.kill(worker!, 'SIGKILL');
      await until('a new worker', () => system.gateways[0]!.workers().length === 2 && !system.gateways[0]!.workers().includes(worker!));
    });
  });
  it('of a master', async () => {
    await underLoad(async () => {
      const gateway = system.gateways[1]!;
      const workers = gateway.workers();
      await gateway.signal('SIGKILL');
      await until('its workers end too', () => workers.every((pid) => { try { process.kill(pid, 0); return false; } catch { return true; } }));
      await gateway.start();
    });
  });
  it('of Redis', async () => {
    const { session } = await underLoad(async () => {
      await system.redis.kill();
      await until('both gateways notice', async () => (await Promise.all(system.gateways.map((g) => g.metric('redis_up')))).every((n) => n === 0));
    });
    // Rooms stay live across both gateways without it.
    const [x, y] = await Promise.all(system.gateways.map((g) => new Client(g.url, session.code).join()));
    const id = await x!.must('ask', 'Without Redis', '', true);
    await until('it crosses by the seq check', () => y!.questions.has(id), 5_000);
    await system.redis.start();
    await until('pub/sub is back', async () => (await Promise.all(system.gateways.map((g) => g.metric('redis_up')))).every((n) => n === 2));
    const received = await system.gateways[1]!.metric('redis_received_total');
    const id2 = await x!.must('ask', 'With Redis again', '', true);
    await until('it crosses', () => y!.questions.has(id2));
    await until('through Redis', async () => (await system.gateways[1]!.metric('redis_received_total')) > received);
    expect(x!.gaps + y!.gaps).toBe(0);
    await Promise.all([x!.leave(), y!.leave()]);
  });
  it('of PostgreSQL', async () => {
    await underLoad(async () => {
      await system.postgres.kill();
      await until('not ready', async () => (await fetch(`${system.gateways[0]!.url}/readyz`)).status === 503);
      await system.postgres.start();
    });
  }, 120_000);
});

describe('10,000 joins and leaves', () => {
  it('leave nothing behind', async () => {
    const session = await organizer.session({ review: 0 });
    const gateway = system.gateways[0]!;
    const code = session.code;
    const before = await gateway.metric('members');
    for (let round = 0; round < 100; round++) {
      const people = await Promise.all([...Array(100)].map(() => new Client(gateway.url, code).join()));
      await Promise.all(people.map((p) => p.leave()));
    }
    await until('all members gone', async () => (await gateway.metric('members')) === before && (await gateway.metric('connections')) === 0);
    const fds = gateway.workers().map((pid) => Number(execFileSync('sh', ['-c', `ls /proc/${pid}/fd | wc -l`], { encoding: 'utf8' })));
    expect(Math.max(...fds)).toBeLessThan(100);
  }, 120_000);
});
