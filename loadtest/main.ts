// ./loadtest/run SCENARIO [--json] [options]: find the scenario, run it, report, and say by the exit status whether the
// work it measured was right: 0 right, 1 wrong, 2 usage.
import { loadAverage, machine, versions } from './lib/machine';
import { coresOf, pinned } from './lib/pin';
import { rounded, table } from './lib/report';
import { Rig } from './lib/rig';
import { optionHelp, readOptions, Usage, type Figures, type Options, type Scenario } from './lib/scenario';

/** Loaded when asked for. The order is that of the help. */
const scenarios: Record<string, () => Promise<{ default: Scenario }>> = {
  'fanout': () => import('./scenarios/fanout'),
  'hot-room': () => import('./scenarios/hot-room'),
  'idle': () => import('./scenarios/idle'),
  'join-storm': () => import('./scenarios/join-storm'),
  'votes': () => import('./scenarios/votes'),
  'reconnect': () => import('./scenarios/reconnect'),
  'many-rooms': () => import('./scenarios/many-rooms'),
  'laggards': () => import('./scenarios/laggards'),
  'growth': () => import('./scenarios/growth'),
  'browser': () => import('./scenarios/browser'),
  'compare': () => import('./scenarios/compare'),
};

const common = {
  json: { value: false, text: 'one JSON object instead of the table' },
  server_cores: { value: '0', text: 'cores of gateways, PostgreSQL and Redis (as taskset takes them; all: no pinning)' },
  client_cores: { value: '1', text: 'cores of the load generator' },
  env: { value: '', text: 'to try something: settings of the gateways, NAME=value separated by commas' },
  pg: { value: '', text: 'the same of PostgreSQL, name=value' },
  sql: { value: '', text: 'and statements to run before the load' },
} satisfies Options;

async function help(): Promise<string> {
  let text = 'Usage: ./loadtest/run SCENARIO [--json] [options]\n\nOf every scenario:\n' + optionHelp(common);
  for (const [name, load] of Object.entries(scenarios)) {
    const s = await load().then((m) => m.default, () => null);
    if (s) text += `\n${name}: ${s.help}\n` + optionHelp(s.options);
  }
  return text;
}

/** a=b,c=d */
function pairs(text: string): Record<string, string> {
  return Object.fromEntries(text.split(',').filter(Boolean).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Usage(`not name=value: ${pair}`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

async function run(s: Scenario, values: Record<string, any>): Promise<{ ok: boolean; report: Figures }> {
  const cores = coresOf(values.server_cores, values.client_cores);
  const trial = { env: pairs(values.env), settings: pairs(values.pg), sql: values.sql };
  const rig = new Rig(cores, trial);
  const began = Date.now(), loadBefore = loadAverage();
  const sizes = Object.fromEntries(Object.keys(s.options).map((name) => [name, values[name]]));
  let figures: Figures = {};
  const stop = () => void rig.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    figures = await s.run(rig, values);
  } catch (error) {
    rig.wrong(error instanceof Error ? error.stack ?? error.message : String(error));
  } finally {
    await rig.stop();
  }
  const report: Figures = {
    scenario: s.name, ok: rig.complaints.length === 0, ...figures, wrong: rig.complaints.slice(0, 20),
    seconds: (Date.now() - began) / 1000, sizes, ...(values.env || values.pg || values.sql ? { tried: trial } : {}), pinned: pinned(cores), load_average: [loadBefore, loadAverage()],
    versions: versions(), machine: machine(),
  };
  return { ok: rig.complaints.length === 0, report: rounded(report) as Figures };
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (!name || name === '--help' || rest.includes('--help')) {
    process.stdout.write(await help());
    return name ? 0 : 2;
  }
  const load = scenarios[name];
  if (!load) throw new Usage(`no scenario of this name: ${name}; there are ${Object.keys(scenarios).join(', ')}`);
  const s = (await load()).default;
  const values = readOptions({ ...s.options, ...common }, rest);
  const { ok, report } = await run(s, values);
  process.stdout.write((values.json ? JSON.stringify(report) : table(report)) + '\n');
  return ok ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`loadtest: ${error instanceof Usage ? error.message : error.stack}\n`);
  return 2;
});
