// One room, a fixed rate of changes each of which must leave at once: what a delivered frame costs, beside the least that it
// can cost (compare/ceiling.c).
import { checkDelivery, cpuRatio, fanoutOptions, figuresOf, measure, tableOf, wholeOf } from '../compare/measure';
import { install } from '../compare/servers';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'fanout',
  help: 'CPU per delivered frame against the bare ceiling, frames/s at saturation, system calls per frame, latency',
  options: fanoutOptions,
  async run(rig, o) {
    install([], ['strace']);
    const { results, size } = await measure(rig, ['ceiling'], o);
    return {
      cpu_ratio_to_ceiling: cpuRatio(results, 'ceiling'), ...figuresOf(results[0]!), ...wholeOf(results),
      frame_bytes: size, ...checkDelivery(rig, results, o.members), servers: tableOf(results),
    };
  },
});
