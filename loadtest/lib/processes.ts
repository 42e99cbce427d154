// CPU and memory of processes with all their children, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

const tick = 100; // USER_HZ: the unit of /proc/PID/stat, the same on every Linux

interface Stat { pid: number; parent: number; cpu: number }

function readOr(path: string): string {
  try { return readFileSync(path, 'utf8'); } catch { return ''; } // gone meanwhile, or not ours to read
}

function statOf(pid: string): Stat | null {
  const text = readOr(`/proc/${pid}/stat`);
  if (!text) return null;
  const f = text.slice(text.lastIndexOf(')') + 2).split(' '); // f[0] is field 3, the state
  return { pid: Number(pid), parent: Number(f[1]), cpu: (Number(f[11]) + Number(f[12]) + Number(f[13]) + Number(f[14])) / tick };
}

/** The processes and all their descendants. */
export function family(roots: number[]): Stat[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(statOf).filter((s): s is Stat => s !== null);
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const s of all) if (found.has(s.parent)) found.add(s.pid);
  }
  return all.filter((s) => found.has(s.pid));
}

/** Seconds of CPU used so far, children that have ended and were waited for included. */
export function cpuSeconds(roots: number[]): number {
  return family(roots).reduce((sum, s) => sum + s.cpu, 0);
}

export interface Memory { rss: number; pss: number }

/** Bytes: resident, and resident with shared pages divided among those who share them. */
export function memoryOf(roots: number[]): Memory {
  const sum = { rss: 0, pss: 0 };
  for (const { pid } of family(roots)) {
    const text = readOr(`/proc/${pid}/smaps_rollup`);
    sum.rss += 1024 * Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    sum.pss += 1024 * Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  }
  return sum;
}

/** What sockets cost in the kernel. Both ends of each connection are on this machine. */
const socketCaches = ['TCP', 'TCPv6', 'sock_inode_cache', 'dentry', 'filp', 'eventpoll_epi', 'eventpoll_pwq', 'ep_head',
  'skbuff_head_cache', 'skbuff_small_head', 'skbuff_fclone_cache', 'tcp_bind_bucket', 'tcp_bind2_bucket', 'request_sock_TCP'];

/** Bytes in the kernel's caches for sockets and in TCP's buffers; null where /proc does not tell. */
export function kernelBytes(): number | null {
  const slabs = readOr('/proc/slabinfo');
  if (!slabs) return null;
  let bytes = 0;
  for (const line of slabs.split('\n')) {
    const [name, active, , size] = line.split(/\s+/);
    if (name && socketCaches.includes(name)) bytes += Number(active) * Number(size);
  }
  const pages = Number(/^TCP:.* mem (\d+)/m.exec(readOr('/proc/net/sockstat'))?.[1] ?? 0);
  return bytes + pages * 4096;
}
