// What grows with what: the whole path of hot-room, with one size after the other made larger, all else the same. A point is
// a run of its own on servers of its own. --svg draws them (gnuplot, growth.gnuplot).
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploy } from '../lib/deploy';
import type { Rig } from '../lib/rig';
import { scenario, type Figures } from '../lib/scenario';

interface Size { members: number; votes: number; rooms: number; workers: number }

const usual: Size = { members: 1000, votes: 200, rooms: 1, workers: 1 };
/** Each axis: what is made larger, through which values, and what else differs from the usual. */
const axes: { axis: keyof Size; values: number[]; also?: Partial<Size> }[] = [
  { axis: 'members', values: [100, 300, 1000, 3000, 10000, 15000] },
  { axis: 'votes', values: [10, 100, 1000, 5000, 10000, 20000] },
  { axis: 'rooms', values: [1, 10, 100, 500, 2000], also: { members: 4000 } },
  { axis: 'workers', values: [1, 2], also: { members: 10000, votes: 1000 } },
];
const script = resolve(fileURLToPath(new URL('.', import.meta.url)), '../growth.gnuplot');

async function point(rig: Rig, size: Size, seconds: number): Promise<Figures> {
  await rig.servers({ workers: size.workers });
  const rooms = await rig.rooms(size.rooms, size.rooms > 1 ? 5 : 60);
  const { report, cpu, seconds: measured } = await rig.load(rooms, { members: size.members, votes: size.votes, back: 50, warm: 2, seconds, ramp: 1 + size.members / 3000, settle: 30 });
  return {
    ack_p50_ms: report.ack_p50_ms!, ack_p99_ms: report.ack_p99_ms!, screen_p50_ms: report.screen_p50_ms!, screen_p99_ms: report.screen_p99_ms!,
    acks_per_s: report.acks_per_s!, frames_per_s: report.frames_per_s!, logical_updates_per_s: report.screens! / report.measured_s!,
    gateway_percent: (100 * cpu.gateway) / measured, postgres_percent: (100 * cpu.postgres) / measured, redis_percent: (100 * cpu.redis) / measured,
  };
}

/** One table for each axis, in files that gnuplot reads. */
function draw(rig: Rig, points: Figures[], file: string): void {
  deploy('install_packages gnuplot-nox');
  for (const { axis } of axes) {
    const rows = points.filter((p) => p.axis === axis).map((p) => [p[axis], p.screen_p99_ms, p.ack_p99_ms, p.gateway_percent, p.postgres_percent]);
    writeFileSync(join(rig.dir, axis), rows.map((row) => row.join(' ')).join('\n') + '\n');
  }
  execFileSync('gnuplot', ['-e', `dir='${rig.dir}'; set output '${resolve(process.env.LECTERN_FROM ?? '.', file)}'`, script], { stdio: ['ignore', 2, 2] });
}

export default scenario({
  name: 'growth',
  help: 'members, votes per second, rooms and workers, one after the other made larger',
  options: {
    seconds: { value: 6, text: 'how long each point is measured' },
    svg: { value: '', text: 'file for the picture' },
  },
  async run(rig, o) {
    const points: Figures[] = [];
    for (const { axis, values, also } of axes) {
      for (const value of values) {
        const size = { ...usual, ...also, [axis]: value };
        rig.say(`${axis} ${value}`);
        points.push({ axis, ...size, ...await point(rig, size, o.seconds) });
      }
    }
    if (o.svg) draw(rig, points, o.svg);
    return { points };
  },
});
