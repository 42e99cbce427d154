// Everybody joins within a few seconds, while those who were there before vote and watch. Two storms: a tenth of the
// people first, so that one can see which of PostgreSQL's work grows with people and which does not.
import { countStatements, since, startCounting, statements, type Statements } from '../lib/database';
import { latencyFigures, type LoadResult } from '../lib/load';
import type { Rig } from '../lib/rig';
import { scenario } from '../lib/scenario';

interface Storm { load: LoadResult; asked: Statements }

async function storm(rig: Rig, o: { early: number; questions: number; within: number; votes: number; watch: number }, members: number): Promise<Storm> {
  const rooms = await rig.rooms(1, o.questions);
  const before = await statements(rig.system);
  let after = before;
  const load = await rig.load(rooms, { members: members + o.early, early: o.early, votes: o.votes, warm: 1, ramp: o.within,
    seconds: o.within + o.watch, settle: 30 }, async (phase) => { if (phase === 'settle') after = await statements(rig.system); });
  return { load, asked: since(before, after) };
}

const top = (s: Statements) => [...s.byText].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([text, calls]) => ({ calls, text }));

export default scenario({
  name: 'join-storm',
  help: 'many people join one room at once',
  options: {
    members: { value: 10000, text: 'people who come' },
    within: { value: 2, text: 'seconds in which they begin to' },
    early: { value: 100, text: 'people who were there before' },
    votes: { value: 20, text: 'votes per second of those, all together' },
    questions: { value: 50, text: 'questions in the room' },
    watch: { value: 4, text: 'seconds that are measured after the last has begun' },
    workers: { value: 1, text: 'workers of the gateway' },
  },
  async run(rig, o) {
    const system = await rig.servers({ workers: o.workers, settings: countStatements });
    await startCounting(system);
    const small = await storm(rig, o, Math.ceil(o.members / 10));
    const { load, asked } = await storm(rig, o, o.members);
    return {
      all_live_s: load.report.join_all_ms! / 1000, joins_per_s: o.members / (load.report.join_all_ms! / 1000),
      join_p50_ms: load.report.join_p50_ms!, join_p99_ms: load.report.join_p99_ms!,
      pg_reads: asked.reads, pg_reads_of_a_tenth: small.asked.reads, pg_writes: asked.writes, pg_writes_of_a_tenth: small.asked.writes,
      snapshots: load.report.snapshots!, ...latencyFigures(load), statements: top(asked),
    };
  },
});
