// The servers that Lectern is compared with: which packages they need and how they are started. Their configurations lie
// beside this file; @PORT@ and @DIR@ in them are filled in. None of them is started by its package.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '../../tests/lib/procs';
import { deploy } from '../lib/deploy';
import type { Rig } from '../lib/rig';

const here = fileURLToPath(new URL('.', import.meta.url));
const top = resolve(here, '../..');
const ceilingBin = join(top, 'build/release/loadtest/lectern-ceiling');

export type Name = 'lectern' | 'ceiling' | 'nchan' | 'mosquitto' | 'nats' | 'socketio';

interface Program {
  packages: string[];
  config?: string;
  command(port: number, dir: string): string[];
  /** command that tells the version, and where the version is in what it says */
  version?: [string[], RegExp];
}

const programs: Record<Exclude<Name, 'lectern'>, Program> = {
  ceiling: { packages: [], command: (port) => [ceilingBin, String(port)] },
  nchan: { packages: ['nginx-light', 'libnginx-mod-nchan'], config: 'nginx.conf',
    command: (_, dir) => ['nginx', '-p', dir, '-c', join(dir, 'nginx.conf')],
    version: [['dpkg-query', '-W', '-f', '${Version}', 'libnginx-mod-nchan'], /^(?:\d+:)?([\d.]+)/] },
  mosquitto: { packages: ['mosquitto'], config: 'mosquitto.conf',
    command: (_, dir) => ['mosquitto', '-c', join(dir, 'mosquitto.conf')],
    version: [['dpkg-query', '-W', '-f', '${Version}', 'mosquitto'], /^([\d.]+)/] },
  nats: { packages: ['nats-server'], config: 'nats.conf',
    command: (_, dir) => ['nats-server', '-c', join(dir, 'nats.conf')],
    version: [['nats-server', '--version'], /v([\d.]+)/] },
  socketio: { packages: [], command: (port) => ['node', join(here, 'socketio/server.mjs'), String(port)],
    version: [['node', '-p', `require('${here}socketio/node_modules/socket.io/package.json').version`], /(\S+)/] },
};

/** What the machine lacks is installed, as by ./deploy/run. */
export function install(names: Name[], more: string[] = []): void {
  const packages = [...more, ...names.flatMap((n) => (n === 'lectern' ? [] : programs[n].packages))];
  if (packages.length) deploy(`install_packages ${packages.join(' ')}`);
  if (names.includes('socketio')) deploy(`npm_packages ${here}socketio`);
}

export function versionOf(name: Name): string | null {
  const version = name === 'lectern' ? undefined : programs[name].version;
  if (!version) return null;
  const [[command, ...args], pattern] = version;
  return pattern.exec(execFileSync(command!, args, { encoding: 'utf8' }))?.[1] ?? null;
}

const listens = (port: number) => new Promise<boolean>((done) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
  socket.once('error', () => done(false));
});

/** Start it on the servers' cores and a free port; it ends with the run, by its pid. */
export async function startServer(rig: Rig, name: Exclude<Name, 'lectern'>): Promise<{ port: number; pid: number }> {
  const dir = join(rig.dir, name), port = await freePort(), { config, command } = programs[name];
  mkdirSync(dir);
  for (const d of [rig.dir, dir]) chmodSync(d, 0o755);
  chmodSync(dir, 0o777); // some drop root before they write there
  if (config) {
    const text = readFileSync(join(here, config), 'utf8').replaceAll('@PORT@', String(port)).replaceAll('@DIR@', dir);
    writeFileSync(join(dir, config), text);
  }
  const log = openSync(join(dir, 'output.log'), 'a'), [program, ...args] = command(port, dir);
  const child = await rig.onServerCores(async () => spawn(program!, args, { stdio: ['ignore', log, log] }));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  rig.atEnd(async () => { child.kill('SIGTERM'); await ended; });
  await until(`${name} listens`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${readFileSync(join(dir, 'output.log'), 'utf8')}`);
    return listens(port);
  });
  return { port, pid: child.pid! };
}
