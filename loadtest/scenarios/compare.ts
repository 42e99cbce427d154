// The fan-out of scenarios/fanout.ts through what one could run instead, with the same clients in the same run.
import { checkDelivery, cpuRatio, fanoutOptions, figuresOf, measure, tableOf, wholeOf } from '../compare/measure';
import { install, type Name } from '../compare/servers';
import { scenario } from '../lib/scenario';

const others: Name[] = ['ceiling', 'nchan', 'mosquitto', 'nats', 'socketio'];

export default scenario({
  name: 'compare',
  help: 'the work of fanout through Nchan, mosquitto, nats-server, Socket.IO and the bare ceiling, in the same run',
  options: fanoutOptions,
  async run(rig, o) {
    install(others, ['strace']);
    const { results, size } = await measure(rig, others, o);
    return {
      ...Object.fromEntries(others.map((name) => [`cpu_ratio_to_${name}`, cpuRatio(results, name)])),
      ...figuresOf(results[0]!), ...wholeOf(results), frame_bytes: size, ...checkDelivery(rig, results, o.members),
      servers: tableOf(results),
    };
  },
});
