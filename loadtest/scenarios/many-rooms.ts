// Many rooms at once, some of which everybody leaves and comes back to: rooms are unloaded and loaded again meanwhile.
import { countStatements, since, startCounting, statements, type Statements } from '../lib/database';
import { cpuFigures, latencyFigures } from '../lib/load';
import { memoryOf } from '../lib/processes';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'many-rooms',
  help: 'many rooms, going up and down',
  options: {
    rooms: { value: 500, text: 'rooms' },
    members: { value: 10, text: 'people in each' },
    questions: { value: 5, text: 'questions in each' },
    votes: { value: 500, text: 'votes per second, all rooms together' },
    leave: { value: 10, text: 'rooms per second that everybody leaves' },
    away: { value: 3, text: 'seconds until they come back' },
    linger: { value: 1000, text: 'ms that the gateway keeps a room which nobody is in' },
    seconds: { value: 10, text: 'how long it is measured' },
    ramp: { value: 4, text: 'seconds in which people join' },
    workers: { value: 1, text: 'workers of the gateway' },
  },
  async run(rig, o) {
    const system = await rig.servers({ workers: o.workers, settings: countStatements, env: { LECTERN_ROOM_LINGER_MS: String(o.linger) } });
    await startCounting(system);
    rig.say(`making ${o.rooms} rooms`);
    const rooms = await rig.rooms(o.rooms, o.questions);
    let before: Statements | undefined, after: Statements | undefined, rss = 0, least = Infinity;
    const watching = setInterval(() => void rig.gateway.metric('rooms').then((n) => { least = Math.min(least, n); }, () => {}), 250);
    const load = await rig.load(rooms, { members: o.rooms * o.members, votes: o.votes, warm: 1, seconds: o.seconds, ramp: o.ramp, leave: o.leave, away: o.away },
      async (phase) => {
        if (phase === 'measure') { before = await statements(system); least = Infinity; }
        if (phase === 'settle') { after = await statements(system); rss = memoryOf([rig.gateway.pid]).rss; }
      });
    clearInterval(watching);
    if (!before || !after) throw new Error('lectern-load did not get as far as measuring');
    const asked = since(before, after), { report } = load;
    return {
      people: o.rooms * o.members, acked_per_s: report.acks_per_s!, wanted_per_s: o.votes, ...latencyFigures(load), ...cpuFigures(load),
      left_and_came_back: report.leaves!, enter_p50_ms: report.join_p50_ms!, enter_p99_ms: report.join_p99_ms!,
      fewest_rooms_in_memory: Number.isFinite(least) ? least : null, gateway_rss_mib: rss / 2 ** 20, pg_reads: asked.reads, pg_writes: asked.writes,
    };
  },
});
