// 2,000 people in one room on one worker, 100 votes a second, nobody falls behind: lectern-load checks every seq.
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../lib/client';
import { Organizer } from '../lib/organizer';
import { System } from '../lib/procs';

const load = process.env.LECTERN_LOAD!;
let system: System, organizer: Organizer;
beforeAll(async () => {
  system = await System.start(1, { LECTERN_WORKERS: '1' });
  organizer = await Organizer.setUp(system);
});
afterAll(() => system?.stop());

it('lectern-load finds nothing wrong with 2,000 members and 100 votes/s', async () => {
  const session = await organizer.session({ review: 0 });
  const asker = await new Client(system.gateways[0]!.url, session.code).join();
  for (let i = 0; i < 10; i++) await asker.must('ask', `Question ${i}`, '', true);
  await asker.leave();
  const child = spawn(load, ['--url', system.gateways[0]!.url.replace('http', 'ws'), '--code', session.code, '--members', '2000',
    '--votes', '100', '--asks', '1', '--seconds', '8', '--ramp', '5', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (d) => (out += d));
  const status = await new Promise((done) => child.on('exit', done));
  expect([status, out]).toEqual([0, out]);
  const report = JSON.parse(out);
  expect(report.members).toBe(2000);
  expect(report.acked).toBeGreaterThan(0);
  expect(report.gaps).toBe(0);
  expect(report.wrong).toBe(0);
}, 180_000);
