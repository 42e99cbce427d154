// A worker dies with everybody on it. They wait as the protocol says, come back to the worker that takes its place, and
// must see the right state: how long until all are back, how well they are spread, what PostgreSQL is asked.
import { countStatements, since, startCounting, statements, type Statements } from '../lib/database';
import { cpuFigures, latencyFigures } from '../lib/load';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'reconnect',
  help: 'a worker is killed with everybody on it',
  options: {
    members: { value: 5000, text: 'people in the room' },
    votes: { value: 20, text: 'votes per second meanwhile' },
    questions: { value: 50, text: 'questions in the room' },
    seconds: { value: 12, text: 'how long it is measured; the kill comes at once' },
    ramp: { value: 4, text: 'seconds in which people join' },
    workers: { value: 1, text: 'workers of the gateway; one of them is killed' },
  },
  async run(rig, o) {
    const system = await rig.servers({ workers: o.workers, settings: countStatements });
    await startCounting(system);
    const rooms = await rig.rooms(1, o.questions);
    let before: Statements | undefined, after: Statements | undefined;
    const load = await rig.load(rooms, { members: o.members, votes: o.votes, warm: 1, seconds: o.seconds, ramp: o.ramp, settle: 60, faults: true },
      async (phase) => {
        if (phase === 'measure') {
          before = await statements(system);
          process.kill(rig.gateway.workers()[0]!, 'SIGKILL');
        }
        if (phase === 'settle') after = await statements(system);
      });
    if (!before || !after) throw new Error('lectern-load did not get as far as the kill');
    const asked = since(before, after), { report } = load;
    if (report.reconnects! < o.members / (2 * o.workers)) rig.wrong(`only ${report.reconnects} connections were lost`);
    return {
      all_live_s: report.back_all_ms! / 1000, spread: report.back_spread!, jitter_window_ms: report.back_window_ms!,
      back_p50_ms: report.back_p50_ms!, back_p99_ms: report.back_p99_ms!, lost: report.reconnects!,
      resumed: report.resumed!, snapshots: report.snapshots!, pg_reads: asked.reads, pg_writes: asked.writes,
      ...latencyFigures(load), ...cpuFigures(load),
      statements: [...asked.byText].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([text, calls]) => ({ calls, text })),
    };
  },
});
