// The durable ceiling: as many votes as get acknowledged, each of them in PostgreSQL with fsync on before its ack.
import { cpuFigures, latencyFigures } from '../lib/load';
import { scenario } from '../lib/scenario';

export default scenario({
  name: 'votes',
  help: 'how many votes per second get into the database, fsync on',
  options: {
    members: { value: 3000, text: 'people who vote' },
    at_once: { value: 1000, text: 'votes that all of them together may have under way' },
    votes: { value: 1000000, text: 'votes per second that are wanted; at_once holds them back' },
    rooms: { value: 1, text: 'rooms they are in' },
    questions: { value: 120, text: 'questions in each room' },
    back: { value: 10, text: 'per cent of the votes that may take one back' },
    seconds: { value: 20, text: 'how long it is measured' },
    warm: { value: 3, text: 'seconds of the same before' },
    gateways: { value: 1, text: 'lectern serve processes' },
    workers: { value: 1, text: 'workers of each' },
  },
  async run(rig, o) {
    const system = await rig.servers(o);
    const [{ fsync, synchronous_commit } = {}] = await system.postgres.query("SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit");
    if (fsync !== 'on' || synchronous_commit !== 'on') rig.wrong(`fsync is ${fsync}, synchronous_commit ${synchronous_commit}`);
    const rooms = await rig.rooms(o.rooms, o.questions);
    let batches = 0, took = 0;
    const count = async () => ({ batches: await rig.gateway.metric('batches_total'), acks: await rig.gateway.metric('acks_total') });
    let before = { batches: 0, acks: 0 };
    const load = await rig.load(rooms, { members: o.members, votes: o.votes, 'at-once': o.at_once, back: o.back, seconds: o.seconds, warm: o.warm, settle: 30 },
      async (phase) => {
        if (phase === 'measure') before = await count();
        if (phase === 'settle') { const now = await count(); batches = now.batches - before.batches; took = now.acks - before.acks; }
      });
    return {
      acked_votes_per_s: load.report.acks_per_s!, worst_second: load.report.worst_second_acks!,
      ...latencyFigures(load), ...cpuFigures(load), votes_per_transaction: batches ? took / batches : null, transactions_per_s: batches / o.seconds,
      gateway_us_per_vote: (load.cpu.gateway * 1e6) / (load.report.acks_per_s! * load.seconds),
      postgres_us_per_vote: (load.cpu.postgres * 1e6) / (load.report.acks_per_s! * load.seconds),
      taken_back: load.report.taken_back!, fsync: String(fsync),
    };
  },
});
