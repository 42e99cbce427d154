// CPU time of processes in nanoseconds, which /proc/PID/task/TID/schedstat has: what user and system time add up to, without
// their rounding to hundredths of a second. And system calls, counted by strace.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds, family } from '../lib/processes';

function threadTimes(pid: number): number {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return sum;
}

/** Microseconds used so far by these processes and their children. */
export function cpuMicroseconds(pids: number[]): number {
  try {
    return family(pids).reduce((sum, p) => sum + threadTimes(p.pid), 0) / 1000;
  } catch { // no schedstat in this kernel, or a process that is just ending
    return cpuSeconds(pids) * 1e6;
  }
}

export interface Calls { total: number; byName: Map<string, number> }

/** The table of `strace -c`: "% time  seconds  usecs/call  calls  [errors]  syscall". */
export function readCalls(table: string): Calls {
  const byName = new Map<string, number>();
  for (const line of table.split('\n')) {
    const f = line.trim().split(/\s+/);
    if (/^[\d.]+$/.test(f[0] ?? '') && f.at(-1) !== 'total') byName.set(f.at(-1)!, Number(f[3]));
  }
  return { total: [...byName.values()].reduce((a, b) => a + b, 0), byName };
}

/** System calls of these processes during `work`; null where they may not be traced. */
export async function callsDuring(pids: number[], work: () => Promise<void>): Promise<Calls | null> {
  const strace = spawn('strace', ['-c', '-f', ...family(pids).flatMap(({ pid }) => ['-p', String(pid)])],
    { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(strace, 'close').catch(() => {});
  let said = '';
  strace.on('error', () => {});
  strace.stderr.on('data', (d) => (said += d));
  await new Promise((done) => setTimeout(done, 1000)); // until it has all threads
  await work();
  strace.kill('SIGINT');
  await ended;
  const calls = readCalls(said);
  return calls.total ? calls : null;
}
