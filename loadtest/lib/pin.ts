// Which cores the servers and the clients have. A process starts on the cores of the one that starts it, and so do its
// children: a worker that dies and is started again stays where it was.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

export interface Cores { servers: string; clients: string }

/** One core each where there are two; null: nothing is pinned. */
export function coresOf(servers: string, clients: string): Cores | null {
  if (servers === 'all' || clients === 'all' || cpus().length < 2) return null;
  return { servers, clients };
}

/** Put this process, and whatever it starts from now on, on these cores. */
export function pinSelf(cores: string): void {
  execFileSync('taskset', ['-a', '-p', '-c', cores, String(process.pid)], { stdio: 'ignore' });
}

export function pinned(cores: Cores | null): string {
  return cores ? `gateways, PostgreSQL and Redis on core ${cores.servers}; load generator and driver on core ${cores.clients}`
    : 'nothing is pinned';
}
