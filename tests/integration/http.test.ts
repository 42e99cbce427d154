// Pages, assets, the JSON API's rules, and what a stranger on the web may not do.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gunzipSync, gzipSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

const script = 'console.log("Lectern");\n'.repeat(200);
let system: System;
let organizer: Organizer;
let base: string;
let root: string;

/** A web root as the build leaves it, so that these tests do not need a build. */
function makeRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-web-'));
  const put = (name: string, data: string | Buffer) => writeFileSync(join(folder, name), data);
  mkdirSync(join(folder, 'assets'));
  put('index.html', '<!doctype html><title>Lectern</title><script type="module" src="/assets/x-abc123.js"></script>');
  put('assets/x-abc123.js', script);
  put('assets/x-abc123.js.br', brotliCompressSync(script));
  put('assets/x-abc123.js.gz', gzipSync(script));
  put('assets/x-abc123.js.map', '{}');
  put('plain.txt', 'plain');
  put('.hidden', 'secret');
  writeFileSync(`${folder}-outside.txt`, 'outside');
  return folder;
}

beforeAll(async () => {
  root = makeRoot();
  system = await System.start(1, { LECTERN_WEB_ROOT: root, LECTERN_WORKERS: '1' }); // guesses are counted per worker
  organizer = await Organizer.setUp(system);
  base = system.gateways[0]!.url;
});
afterAll(async () => {
  await system?.stop();
  rmSync(root, { recursive: true });
  rmSync(`${root}-outside.txt`);
});

/** One request byte for byte: fetch would tidy the address up, and unpack the body. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; head: string; body: Buffer }> {
  return new Promise((done, fail) => {
    const socket = connect(system.gateways[0]!.port, '127.0.0.1');
    let all = Buffer.alloc(0);
    const answer = () => {
      const end = all.indexOf('\r\n\r\n'), head = all.subarray(0, end).toString();
      return { status: Number(head.split(' ')[1]), head, body: all.subarray(end + 4) };
    };
    socket.on('data', (data) => {
      all = Buffer.concat([all, data]);
      const { head, body } = answer();
      if (body.length >= Number(/content-length: (\d+)/.exec(head)?.[1] ?? Infinity)) socket.end();
    });
    socket.on('error', fail);
    socket.on('close', () => done(answer()));
    const lines = Object.entries({ host: 'lectern', ...headers }).map(([k, v]) => `${k}: ${v}\r\n`).join('');
    socket.write(`GET ${path} HTTP/1.1\r\n${lines}\r\n`);
  });
}

describe('pages and assets', () => {
  it('carry the security headers and make a visitor', async () => {
    for (const path of ['/', '/s/ABC123', '/s/ABC123/host', '/organize', '/sign-in', '/index.html']) {
      const page = await fetch(base + path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(page.headers.get('set-cookie')).toMatch(/^lectern=.*HttpOnly; SameSite=Lax/);
      expect(await page.text()).toContain('<title>Lectern</title>');
    }
    const head = await fetch(`${base}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${base}/`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('come packed as the browser wants it, and are revalidated', async () => {
    const path = '/assets/x-abc123.js';
    const ways: [string, string | null, (b: Buffer) => Buffer][] = [
      ['br, gzip', 'br', brotliDecompressSync], ['gzip, deflate, br', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync], ['br;q=0.000,gzip; q=0', null, (b) => b], ['identity', null, (b) => b],
      ['brotli', null, (b) => b],
    ];
    for (const [accepted, coding, unpack] of ways) {
      const r = await raw(path, { 'accept-encoding': accepted });
      const said = /content-encoding: (\w+)/.exec(r.head)?.[1] ?? null;
      expect([accepted, r.status, said]).toEqual([accepted, 200, coding]);
      expect(unpack(r.body).toString()).toBe(script);
      expect(r.head).toContain('cache-control: public, max-age=31536000, immutable');
      expect(r.head).toContain('vary: accept-encoding');
      expect(r.head).toContain('content-type: text/javascript');
    }
    const etag = (await fetch(base + path)).headers.get('etag')!;
    expect(etag).toMatch(/^W\/"/);
    for (const held of [etag, etag.slice(2), `"other", ${etag}`]) {
      const again = await fetch(base + path, { headers: { 'if-none-match': held } });
      expect([held, again.status, await again.text()]).toEqual([held, 304, '']);
    }
    expect((await fetch(base + path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const page = await fetch(`${base}/`);
    expect((await fetch(`${base}/s/ABC123`, { headers: { 'if-none-match': page.headers.get('etag')! } })).status).toBe(304);
    expect((await fetch(`${base}/plain.txt`)).headers.get('cache-control')).toBe('no-cache');
  });

  it('are nothing but the files of the web root', async () => {
    const outside = `${root.split('/').at(-1)}-outside.txt`;
    for (const path of ['/nowhere', '/.hidden', '/assets/', '/assets', '/assets/x-abc123.js.map', '/assets/x-abc123.js.br',
      `/../${outside}`, `/assets/../../${outside}`, `/%2e%2e/${outside}`, `/assets/..%2f..%2f${outside}`, '/../../../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd', '/assets/%00x-abc123.js']) {
      const r = await raw(path); // no status: closed without an answer
      expect([path, [400, 403, 404].includes(r.status) || Number.isNaN(r.status), r.body.includes('root:'), r.body.includes('outside')]).toEqual([path, true, false, false]);
    }
  });

  it('share the port with health and metrics', async () => {
    expect(await (await fetch(`${base}/healthz`)).text()).toBe('ok\n');
    expect(await (await fetch(`${base}/readyz`)).text()).toBe('ready\n');
    expect(await (await fetch(`${base}/metrics`)).text()).toMatch(/^lectern_http_requests_total \d+$/m);
  });
});

describe('the API', () => {
  it('needs a login, the CSRF header and the own origin', async () => {
    const stranger = new Organizer(base);
    expect((await stranger.call('GET', 'me')).status).toBe(401);
    expect((await stranger.call('GET', 'events')).status).toBe(401);
    const body = { organization: 1, title: 'x', description: '' };
    expect((await organizer.call('POST', 'events', body, { 'x-lectern': '' })).status).toBe(403);
    expect((await organizer.call('POST', 'events', body, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await organizer.call('POST', 'events', body, { origin: 'null' })).status).toBe(403);
    expect((await organizer.call('POST', 'events', body, { origin: base })).status).toBeLessThan(300);
    expect((await organizer.call('POST', 'events', { title: 'x' })).status).toBe(400);
    expect((await organizer.call('POST', 'events', { ...body, title: 'two\nlines' })).body).toMatchObject({ error: 'bad_value', field: 'title' });
    expect((await stranger.call('POST', 'sign-in', { email: 'wei@example.org', password: 'wrong' })).status).toBe(401);
    expect((await stranger.call('POST', 'sign-in', { email: 'nobody@example.org', password: 'wrong' })).status).toBe(401);
    await stranger.ok('POST', 'sign-in', { email: 'WEI@example.org', password: 'correct horse battery' });
    expect((await stranger.ok('GET', 'me')).email).toBe('wei@example.org');
    await stranger.ok('POST', 'sign-out', {});
    expect((await stranger.call('GET', 'me')).status).toBe(401);
  });
  it('says why when a request is too large, although it stops reading', async () => {
    for (let i = 0; i < 5; i++) {
      const socket = connect(system.gateways[0]!.port, '127.0.0.1');
      let heard = '', over = false;
      socket.on('error', () => {});
      socket.on('close', () => (over = true));
      socket.write('POST /api/v1/sign-in HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n');
      for (let sent = 0; sent < 30; sent++) { // a client that first sends all and then looks for the answer
        socket.write('x'.repeat(10_000));
        await new Promise((done) => setTimeout(done, 5));
      }
      socket.on('data', (data) => (heard += data));
      await until('the end', () => over);
      expect(heard).toMatch(/^HTTP\/1.1 413 /);
    }
  });
  it('serves its own description', async () => {
    const document = await organizer.ok('GET', 'openapi.json');
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths).length).toBeGreaterThan(12);
  });
  it('forgives a join code as typed', async () => {
    const session = await organizer.session();
    const typed = session.code.toLowerCase().replace(/0/g, 'o').replace(/1/g, 'l');
    expect((await organizer.ok('GET', `join/${encodeURIComponent(` ${typed.slice(0, 3)}-${typed.slice(3)}`)}`)).code).toBe(session.code);
    expect((await organizer.call('GET', 'join/ZZZZZZ')).status).toBe(404);
  });
  it('lets a role link in, until it is revoked', async () => {
    const session = await organizer.session();
    const link = await organizer.ok('POST', `sessions/${session.id}/links`, { role: 'moderator', label: 'Helper', days: 1 });
    const opened = await fetch(link.url.replace(/^https?:\/\/[^/]+/, base), { redirect: 'manual' });
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toContain(`/s/${session.code}/host`);
    expect(opened.headers.get('set-cookie')).toContain('lectern_grant_');
    await organizer.ok('DELETE', `links/${link.id}`);
    expect((await fetch(link.url.replace(/^https?:\/\/[^/]+/, base), { redirect: 'manual' })).status).toBe(404);
  });
});

describe('guessing', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const signIn = (address: string, email: string, password: string) =>
    new Organizer(base).call('POST', 'sign-in', { email, password }, from(address));

  it('a password is slowed down for the guesser, not for the person whose account it is', async () => {
    for (let i = 0; i < 10; i++) expect((await signIn('203.0.113.9', 'wei@example.org', `wrong ${i}`)).status).toBe(401);
    const stopped = await signIn('203.0.113.9', 'Wei@Example.org', 'correct horse battery');
    expect([stopped.status, stopped.body]).toEqual([429, { error: 'too_many_tries' }]);
    expect((await signIn('203.0.113.10', 'wei@example.org', 'correct horse battery')).status).toBe(200);
    expect((await signIn('203.0.113.9', 'nobody@example.org', 'wrong')).status).toBe(401);
  });

  it('an account is not told apart from none: same answer, same time', async () => {
    const times: Record<string, number[]> = { 'wei@example.org': [], 'nobody@example.org': [] };
    const answers = new Set<string>();
    for (let i = 0; i < 7; i++) {
      for (const email of Object.keys(times)) {
        const began = performance.now();
        const r = await signIn(`203.0.113.${20 + i}`, email, 'wrong');
        times[email]!.push(performance.now() - began);
        answers.add(`${r.status} ${JSON.stringify(r.body)} ${[...r.headers.keys()].join()}`);
      }
    }
    expect(answers.size).toBe(1);
    // The quickest of each: the least disturbed. Without the hash made in vain the two are 50 times apart.
    const [known, unknown] = Object.values(times).map((t) => Math.min(...t)) as [number, number];
    expect(known / unknown).toBeGreaterThan(0.4);
    expect(known / unknown).toBeLessThan(2.5);
  });

  it('join codes is slowed down; a session that runs can still be joined from there', async () => {
    const session = await organizer.session();
    const hello = (address: string, code: string) => new Promise<string>((done) => {
      const ws = new WebSocket(base.replace('http', 'ws') + '/ws', 'lectern.v1.json', { headers: from(address) });
      ws.on('open', () => ws.send(JSON.stringify(['hello', code, 'attendee', 0, ''])));
      ws.on('message', (data) => { const m = JSON.parse(String(data)); done(m[0] === 'closing' ? m[1] : m[0]); ws.terminate(); });
    });
    const look = (code: string, address: string) => new Organizer(base).call('GET', `join/${code}`, undefined, from(address));
    const someone = new WebSocket(base.replace('http', 'ws') + '/ws', 'lectern.v1.json');
    someone.on('open', () => someone.send(JSON.stringify(['hello', session.code, 'attendee', 0, ''])));
    await new Promise((done) => someone.once('message', done));
    const other = await organizer.session({}, 'draft');
    for (let i = 0; i < 600; i += 20) {
      const statuses = await Promise.all([...Array(20)].map(async (_, k) => i < 300 ? (await look(`ZZZ${100 + i + k}`, '203.0.113.40')).status
        : hello('203.0.113.40', `ZZZ${100 + i + k}`)));
      expect(new Set(statuses)).toEqual(new Set([i < 300 ? 404 : 'no_session']));
    }
    expect((await look('ZZZZZZ', '203.0.113.40')).status).toBe(429);
    expect((await look(session.code, '203.0.113.40')).status).toBe(429);
    expect((await look(session.code, '203.0.113.41')).status).toBe(200);
    expect(await hello('203.0.113.40', 'ZZZZZZ')).toBe('overload');
    expect(await hello('203.0.113.40', other.code)).toBe('overload');
    expect(await hello('203.0.113.40', session.code)).toBe('welcome');
    someone.terminate();
  });
});

describe('the WebSocket', () => {
  const open = (headers: Record<string, string>) => new Promise<number>((done) => {
    const ws = new WebSocket(base.replace('http', 'ws') + '/ws', 'lectern.v1', { headers });
    ws.on('open', () => { ws.terminate(); done(101); });
    ws.on('unexpected-response', (_, r) => { r.resume(); done(r.statusCode!); });
    ws.on('error', () => done(0));
  });
  it('checks the origin of browsers', async () => {
    const cookie = 'lectern=x';
    expect(await open({})).toBe(101); // a program: no cookies, no origin
    expect(await open({ cookie, origin: base })).toBe(101);
    for (const origin of ['https://evil.example', 'null', base + '.evil.example', base.replace('http', 'https')]) {
      expect([origin, await open({ cookie, origin })]).toEqual([origin, 403]);
      expect([origin, await open({ origin })]).toEqual([origin, 403]);
    }
    expect(await open({ cookie })).toBe(403); // a browser's cookies without its origin
  });
});
