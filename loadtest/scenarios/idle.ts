// What an attendee costs who only looks: memory of the gateway and of the kernel, and CPU while nothing happens.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuFigures } from '../lib/load';
import { kernelBytes, memoryOf } from '../lib/processes';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'idle',
  help: 'memory per attendee and CPU while nothing happens',
  options: {
    members: { value: 10000, text: 'people who look' },
    rooms: { value: 1, text: 'rooms they are in' },
    questions: { value: 50, text: 'questions in each room' },
    seconds: { value: 10, text: 'how long nothing happens' },
    ramp: { value: 5, text: 'seconds in which people join' },
    workers: { value: 1, text: 'workers of the gateway' },
  },
  async run(rig, o) {
    await rig.servers(o);
    const rooms = await rig.rooms(o.rooms, o.questions);
    await sleep(1000); // the asker has left, presence has been told
    const memory = () => ({ ...memoryOf([rig.gateway.pid]), kernel: kernelBytes() });
    const empty = memory();
    let full = empty;
    const load = await rig.load(rooms, { members: o.members, votes: 0, warm: 2, seconds: o.seconds, ramp: o.ramp },
      (phase) => { if (phase === 'settle') full = memory(); });
    const per = (after: number | null, before: number | null) => (after === null || before === null ? null : (after - before) / o.members);
    return {
      bytes_per_member: per(full.rss, empty.rss), pss_per_member: per(full.pss, empty.pss),
      kernel_bytes_per_connection: per(full.kernel, empty.kernel), // both ends, which are on this machine
      empty_rss_mib: empty.rss / 2 ** 20, full_rss_mib: full.rss / 2 ** 20,
      ...cpuFigures(load), gateway_cpu_us_per_member_and_s: (load.cpu.gateway * 1e6) / o.members / load.seconds,
      join_p99_ms: load.report.join_p99_ms!,
    };
  },
});
