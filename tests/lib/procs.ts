// Real servers for the tests: a private PostgreSQL, a private Redis and gateways, each of which can be killed and
// started again. Everything lives in one temporary directory and ends with the test file, by pid.
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import pg from 'pg';

const top = resolve(fileURLToPath(new URL('.', import.meta.url)), '../..');
export const lecternBin = process.env.LECTERN_BIN ?? join(top, 'build/release/gateway/lectern');
export const webRoot = join(top, 'web/dist');
export const outDir = join(top, 'tests/out');
const isRoot = process.getuid?.() === 0;

export async function until<T>(what: string, check: () => T | Promise<T>, ms = 30_000): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what} (last: ${String(last)})`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => child.once('exit', () => done()));
}

export class Postgres {
  private child?: ChildProcess;
  readonly conninfo: string;
  /** server settings beyond the defaults, before start() */
  settings: Record<string, string> = {};
  private readonly bin: string;
  private readonly user = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  constructor(private readonly dir: string) {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
    this.bin = `/usr/lib/postgresql/${versions.at(-1)}/bin`;
    if (isRoot) chownSync(dir, idOf('-u'), idOf('-g'));
    chmodSync(dir, 0o755);
    this.conninfo = `host=${dir} user=lectern dbname=postgres`;
    execFileSync(`${this.bin}/initdb`, ['-D', `${dir}/pg`, '-U', 'lectern', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
      { ...this.user, cwd: '/', stdio: 'ignore' });
  }
  get pid() { return this.child!.pid!; }
  async start(): Promise<void> {
    const log = openSync(join(this.dir, 'pg.log'), 'a');
    const settings = { listen_addresses: '', max_connections: '200', ...this.settings };
    this.child = spawn(`${this.bin}/postgres`, ['-D', `${this.dir}/pg`, '-k', this.dir,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { ...this.user, cwd: '/', stdio: ['ignore', log, log] });
    await until('PostgreSQL answers', () => this.query('SELECT 1'));
  }
  /** Like a power cut for the processes: no checkpoint, no goodbye. */
  async kill(): Promise<void> {
    const postmaster = this.child!;
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster.pid)], { encoding: 'utf8' });
    postmaster.kill('SIGKILL');
    for (const pid of children.split(/\s+/).filter(Boolean)) {
      try { process.kill(Number(pid), 'SIGKILL'); } catch { /* gone already */ }
    }
    await ended(postmaster);
  }
  async stop(): Promise<void> {
    if (!this.child) return;
    this.child.kill('SIGINT');
    await ended(this.child);
  }
  async query<R extends object = Record<string, any>>(sql: string, params: unknown[] = []): Promise<R[]> {
    const client = new pg.Client({ host: this.dir, user: 'lectern', database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql, params)).rows as R[];
    } finally {
      await client.end().catch(() => {});
    }
  }
}

export class Redis {
  private child?: ChildProcess;
  readonly url: string;
  constructor(private readonly dir: string) {
    this.url = `unix:${dir}/redis.sock`;
  }
  get pid() { return this.child!.pid!; }
  async start(): Promise<void> {
    rmSync(`${this.dir}/redis.sock`, { force: true });
    this.child = spawn('redis-server', ['--port', '0', '--unixsocket', `${this.dir}/redis.sock`, '--save', '',
      '--appendonly', 'no', '--dir', this.dir], { stdio: 'ignore' });
    await until('Redis listens', () => readdirSync(this.dir).includes('redis.sock'));
  }
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    if (this.child) await ended(this.child);
  }
}

export class Gateway {
  private child?: ChildProcess;
  port = 0;
  constructor(private readonly system: System, private readonly env: Record<string, string> = {}) {}
  get url() { return `http://127.0.0.1:${this.port}`; }
  get pid() { return this.child!.pid!; }
  get logFile() { return join(this.system.dir, `gateway-${this.port}.log`); }
  get log() { return readFileSync(this.logFile, 'utf8'); }
  /** pids of the worker processes */
  workers(): number[] {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(this.pid)], { encoding: 'utf8' }).split(/\s+/).filter(Boolean).map(Number);
  }
  async start(): Promise<void> {
    this.port ||= await freePort();
    const log = openSync(this.logFile, 'a');
    this.child = spawn(lecternBin, ['serve'], {
      env: { ...process.env, ...this.system.env, LECTERN_LISTEN: '127.0.0.1', LECTERN_PORT: String(this.port),
        LECTERN_WORKERS: '2', LECTERN_COMMANDS_PER_MINUTE: '60000', LECTERN_WEB_ROOT: webRoot,
        LSAN_OPTIONS: `suppressions=${join(top, 'tests/lsan.supp')}`, ...this.env },
      stdio: ['ignore', log, log],
    });
    const child = this.child;
    await until('the gateway is ready', async () => {
      if (child.exitCode !== null) throw new Error(`lectern serve ended:\n${this.log}`);
      return (await fetch(`${this.url}/readyz`)).ok;
    });
  }
  async signal(signal: NodeJS.Signals): Promise<void> {
    this.child!.kill(signal);
    await ended(this.child!);
  }
  /** Ends it in an orderly way; a sanitizer's finding fails the test here. */
  async stop(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    await this.signal('SIGTERM');
    const log = this.log;
    if (/AddressSanitizer|LeakSanitizer|runtime error:/.test(log)) throw new Error(`sanitizer findings:\n${log.slice(-8000)}`);
  }
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^lectern_${name} (.*)$`, 'm').exec(text)?.[1] ?? NaN);
  }
}

export class System {
  readonly dir = mkdtempSync(join(tmpdir(), 'lectern-'));
  readonly postgres: Postgres;
  readonly redis: Redis;
  readonly gateways: Gateway[] = [];
  private constructor() {
    chmodSync(this.dir, 0o755);
    const sub = (name: string) => { const d = mkdtempSync(join(this.dir, name)); return d; };
    this.postgres = new Postgres(sub('pg-'));
    this.redis = new Redis(sub('redis-'));
  }
  get env() { return { DATABASE_URL: this.postgres.conninfo, REDIS_URLS: this.redis.url }; }
  static async start(gateways = 2, env: Record<string, string> = {}, settings: Record<string, string> = {}): Promise<System> {
    const system = new System();
    system.postgres.settings = settings;
    await system.postgres.start();
    await system.redis.start();
    system.cli(['migrate']);
    for (let i = 0; i < gateways; i++) {
      const gateway = new Gateway(system, env);
      system.gateways.push(gateway);
      await gateway.start();
    }
    return system;
  }
  cli(args: string[], input = ''): string {
    return execFileSync(lecternBin, args, { env: { ...process.env, ...this.env }, input, encoding: 'utf8' });
  }
  async stop(): Promise<void> {
    const results = await Promise.allSettled(this.gateways.map((g) => g.stop()));
    await this.redis.kill();
    await this.postgres.stop();
    rmSync(this.dir, { recursive: true, force: true });
    for (const r of results) if (r.status === 'rejected') throw r.reason;
  }
}
