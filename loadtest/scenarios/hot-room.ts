// One room, many members, votes and questions through the whole path: client, gateway, PostgreSQL's commit, Redis, and
// every member's screen.
import { cpuFigures, latencyFigures } from '../lib/load';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'hot-room',
  help: 'one room, votes and questions through the whole path to every screen',
  options: {
    members: { value: 1000, text: 'people in the room' },
    votes: { value: 1000, text: 'votes per second' },
    asks: { value: 1, text: 'questions per second' },
    questions: { value: 50, text: 'questions there are before' },
    seconds: { value: 10, text: 'how long it is measured' },
    warm: { value: 2, text: 'seconds of the same before' },
    ramp: { value: 4, text: 'seconds in which people join' },
    gateways: { value: 1, text: 'lectern serve processes' },
    workers: { value: 1, text: 'workers of each' },
  },
  async run(rig, o) {
    await rig.servers(o);
    const rooms = await rig.rooms(1, o.questions);
    const load = await rig.load(rooms, { members: o.members, votes: o.votes, asks: o.asks, seconds: o.seconds, warm: o.warm, ramp: o.ramp });
    const { report } = load;
    return {
      logical_updates_per_s: report.screens! / report.measured_s!,
      acked_per_s: report.acks_per_s!, wanted_per_s: o.votes + o.asks,
      ...latencyFigures(load), ...cpuFigures(load), frames: report.frames!, frames_per_s: report.frames_per_s!, gaps: report.gaps!,
      gateway_us_per_frame: (load.cpu.gateway * 1e6) / (report.frames_per_s! * load.seconds),
    };
  },
});
