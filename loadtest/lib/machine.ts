// What a figure was measured on: without it the figure says little.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { lecternBin } from '../../tests/lib/procs';
import type { Figures } from './scenario';

function firstLine(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n')[0] ?? '';
  } catch { return ''; }
}

function postgresVersion(): string {
  const newest = firstLine('bash', '-c', 'ls /usr/lib/postgresql | sort -n | tail -n 1');
  return firstLine(`/usr/lib/postgresql/${newest}/bin/postgres`, '--version').replace(/^postgres \(PostgreSQL\) /, '');
}

export function versions(): Figures {
  return {
    lectern: firstLine(lecternBin, 'version').replace(/^lectern /, ''),
    commit: firstLine('git', 'rev-parse', '--short', 'HEAD'),
    postgresql: postgresVersion(),
    redis: /v=(\S+)/.exec(firstLine('redis-server', '--version'))?.[1] ?? '',
    kernel: release(),
    node: process.version,
  };
}

/** The filesystem on which the databases of a run are made. */
const dataFilesystem = () => firstLine('bash', '-c', `df --output=fstype,source '${tmpdir()}' | tail -n 1`).replace(/\s+/g, ' ');

export function machine(): Figures {
  const virtual = /\bhypervisor\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  return {
    cpu: cpus()[0]?.model.trim() ?? '', cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30),
    virtual, data_on: dataFilesystem(),
    congestion_control: readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim(),
  };
}

/** Others who want the same cores make figures worse: the mean number of running tasks, before and after. */
export const loadAverage = () => Math.round(loadavg()[0]! * 100) / 100;
