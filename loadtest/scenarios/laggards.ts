// Some members read slowly or not at all. The others must not notice, and the gateway's memory must stay bounded. The same
// load without laggards and with them, in turns, on the same servers.
import { kernelBytes, memoryOf } from '../lib/processes';
import type { Rig } from '../lib/rig';
import { scenario } from '../lib/scenario';

interface Round { p99: number; p50: number; rssMost: number; kernelMost: number; slow: number; behind: number }

const middle = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)]!;

async function round(rig: Rig, o: { members: number; votes: number; questions: number; seconds: number; warm: number; ramp: number }, laggards: number): Promise<Round> {
  const rooms = await rig.rooms(1, o.questions);
  const counted = async () => ({ slow: await rig.gateway.metric('closed_slow_total'), behind: await rig.gateway.metric('behind_total') });
  const before = await counted();
  let rssMost = 0, kernelMost = 0;
  const watching = setInterval(() => {
    rssMost = Math.max(rssMost, memoryOf([rig.gateway.pid]).rss);
    kernelMost = Math.max(kernelMost, kernelBytes() ?? 0);
  }, 500);
  const { report } = await rig.load(rooms, { members: o.members, votes: o.votes, warm: o.warm, seconds: o.seconds, ramp: o.ramp, laggards, settle: 30 })
    .finally(() => clearInterval(watching));
  const after = await counted();
  return { p99: report.screen_p99_ms!, p50: report.screen_p50_ms!, rssMost, kernelMost, slow: after.slow - before.slow, behind: after.behind - before.behind };
}

export default scenario({
  name: 'laggards',
  help: 'some members read slowly or not at all',
  options: {
    members: { value: 1000, text: 'people in the room' },
    laggards: { value: 10, text: 'per cent of them who lag; half of those do not read at all' },
    votes: { value: 1000, text: 'votes per second' },
    questions: { value: 100, text: 'questions in the room' },
    seconds: { value: 12, text: 'how long each round is measured' },
    warm: { value: 2, text: 'seconds of the same before' },
    ramp: { value: 3, text: 'seconds in which people join' },
    rounds: { value: 3, text: 'rounds without and with laggards' },
    slow_ms: { value: 4000, text: 'how long the gateway lets somebody be behind' },
    workers: { value: 1, text: 'workers of the gateway' },
  },
  async run(rig, o) {
    await rig.servers({ workers: o.workers, env: { LECTERN_SLOW_MS: String(o.slow_ms) } });
    const without: Round[] = [], some: Round[] = [];
    for (let i = 0; i < o.rounds; i++) {
      without.push(await round(rig, o, 0));
      some.push(await round(rig, o, o.laggards));
    }
    const p99 = (rounds: Round[]) => middle(rounds.map((r) => r.p99));
    const behind = some.reduce((n, r) => n + r.behind, 0);
    if (behind === 0) rig.wrong('nobody fell behind: this measured nothing');
    return {
      p99_ratio: p99(some) / p99(without), screen_p99_ms_without: p99(without), screen_p99_ms_with: p99(some),
      screen_p50_ms_without: middle(without.map((r) => r.p50)), screen_p50_ms_with: middle(some.map((r) => r.p50)),
      closed_slow: some.reduce((n, r) => n + r.slow, 0), fell_behind: behind,
      rss_mib_most_without: Math.max(...without.map((r) => r.rssMost)) / 2 ** 20, rss_mib_most_with: Math.max(...some.map((r) => r.rssMost)) / 2 ** 20,
      kernel_mib_most_without: Math.max(...without.map((r) => r.kernelMost)) / 2 ** 20, kernel_mib_most_with: Math.max(...some.map((r) => r.kernelMost)) / 2 ** 20,
      p99_of_rounds: { without: without.map((r) => r.p99), with: some.map((r) => r.p99) },
    };
  },
});
