// The edge: limits and deadlines for people who are slow, silent, loud or too many, and a server that goes away politely.
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Client, type Answer } from '../lib/client';
import { Organizer } from '../lib/organizer';
import { Gateway, System, until } from '../lib/procs';

let system: System;
let organizer: Organizer;
let code: string;
beforeAll(async () => {
  system = await System.start(1);
  organizer = await Organizer.setUp(system);
  code = (await organizer.session({ review: 0 })).code;
});
afterAll(() => system?.stop());

/** A gateway with settings of its own; it ends with the system. */
async function gateway(env: Record<string, string>): Promise<Gateway> {
  const g = new Gateway(system, { LECTERN_WORKERS: '1', ...env });
  system.gateways.push(g);
  await g.start();
  return g;
}

/** A bare WebSocket that keeps what it is told at the end. */
function bare(url: string, options: object = {}) {
  const ws = new WebSocket(url.replace('http', 'ws') + '/ws', 'lectern.v1.json', options);
  const seen = { ws, code: 0, reason: '', retry: 0, messages: [] as any[] };
  ws.on('message', (data) => {
    const m = JSON.parse(String(data));
    seen.messages.push(m);
    if (m[0] === 'closing') [, seen.reason, seen.retry] = m;
  });
  ws.on('close', (c) => (seen.code = c));
  ws.on('error', () => {});
  const opened = new Promise<void>((done, fail) => { ws.on('open', () => done()); ws.on('error', fail); });
  return Object.assign(seen, { opened });
}
const hello = () => JSON.stringify(['hello', code, 'attendee', 0, '']);
const id = (n: number) => n.toString(16).padStart(32, '0');

/** Sockets that say nothing, and whether the server has closed them. */
function sockets(port: number, count: number, localAddress = '127.0.0.1') {
  return [...Array(count)].map(() => {
    const socket: Socket = connect({ port, host: '127.0.0.1', localAddress });
    const seen = { socket, closed: false };
    socket.on('error', () => {});
    socket.on('close', () => (seen.closed = true));
    socket.resume();
    return seen;
  });
}

describe('listening', () => {
  it('on :: serves IPv6 and IPv4, pages and WebSocket', async () => {
    const g = await gateway({ LECTERN_LISTEN: '::' });
    for (const host of ['[::1]', '127.0.0.1']) {
      const url = `http://${host}:${g.port}`;
      expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
      const c = bare(url, { headers: { origin: url, cookie: 'lectern=x' } });
      await c.opened;
      c.ws.send(hello());
      await until('welcome', () => c.messages.some((m) => m[0] === 'welcome'));
      c.ws.terminate();
    }
  });
});

describe('too many connections', () => {
  it('are turned away at connections_max, and let in again when there is room', async () => {
    const g = await gateway({ LECTERN_CONNECTIONS_MAX: '16' });
    const many = sockets(g.port, 30);
    await until('the surplus is closed', () => many.filter((s) => s.closed).length >= 14);
    const kept = many.filter((s) => !s.closed);
    expect(kept.length).toBeGreaterThan(12); // the requests that looked whether it is ready hold one or two
    kept.forEach((s) => s.socket.destroy());
    await until('it answers again', async () => (await g.metric('accepts_refused_total')) >= 14);
  });

  it('from one address are turned away, others are not', async () => {
    const g = await gateway({ LECTERN_CONNECTIONS_PER_ADDRESS: '8', LECTERN_TRUSTED_PROXIES: '127.0.0.3' });
    const many = sockets(g.port, 20);
    await until('the surplus is closed', () => many.filter((s) => s.closed).length >= 12);
    const [other] = sockets(g.port, 1, '127.0.0.2');
    let answered = false;
    other!.socket.on('data', () => (answered = true));
    other!.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('another address is served', () => answered);
    expect(other!.closed).toBe(false);
    const proxy = sockets(g.port, 20, '127.0.0.3'); // the proxy brings everybody
    answered = false;
    proxy[19]!.socket.on('data', () => (answered = true));
    proxy[19]!.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('all of the proxy are served', () => answered);
    expect(proxy.some((s) => s.closed)).toBe(false);
    [...many, ...proxy, other!].forEach((s) => s.socket.destroy());
    await until('the first address is served again', async () => (await fetch(`${g.url}/healthz`)).ok);
  });
});

describe('deadlines', () => {
  let g: Gateway;
  beforeAll(async () => { g = await gateway({ LECTERN_HELLO_MS: '1000', LECTERN_HEARTBEAT_MS: '1000' }); });

  it('hello has one', async () => {
    const began = Date.now(), c = bare(g.url);
    await until('closed', () => c.code);
    expect([c.code, c.reason, c.retry]).toEqual([4003, 'no_hello', 5000]);
    expect(Date.now() - began).toBeGreaterThan(900);
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('a client that answers no ping is closed as silent, one that does stays', async () => {
    const mute = bare(g.url, { autoPong: false }), lively = bare(g.url);
    await Promise.all([mute.opened, lively.opened]);
    mute.ws.send(hello());
    lively.ws.send(hello());
    let pings = 0;
    lively.ws.on('ping', () => pings++);
    await until('the mute one is closed', () => mute.code);
    expect([mute.code, mute.reason, mute.retry]).toEqual([4002, 'silent', 1000]);
    await until('four pings', () => pings >= 4);
    expect([lively.code, lively.reason]).toEqual([0, '']);
    lively.ws.terminate();
  });

  it('a body that trickles in is cut off in total, not per byte', async () => {
    const began = Date.now();
    const [slow] = sockets(g.port, 1);
    slow!.socket.write('POST /api/v1/sign-in HTTP/1.1\r\nhost: x\r\nx-lectern: 1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n');
    const drip = setInterval(() => slow!.closed || slow!.socket.write(' '), 500);
    await until('closed', () => slow!.closed);
    clearInterval(drip);
    expect(Date.now() - began).toBeGreaterThan(14_000);
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});

describe('too much', () => {
  it('in one message closes as too_large, whole or in pieces', async () => {
    const url = system.gateways[0]!.url;
    for (const pieces of [1, 3]) {
      const c = bare(url);
      await c.opened;
      for (let i = 0; i < pieces; i++) c.ws.send(i ? 'x'.repeat(7000) : `["hello","${'x'.repeat(pieces > 1 ? 7000 : 17000)}`, { fin: i === pieces - 1 });
      await until('closed', () => c.code);
      expect([pieces, c.code, c.reason, c.retry]).toEqual([pieces, 1009, 'too_large', -1]);
    }
    const fits = bare(url);
    await fits.opened;
    fits.ws.send(hello());
    await until('welcome', () => fits.messages.some((m) => m[0] === 'welcome'));
    fits.ws.send(JSON.stringify(['ask', id(1), 'x'.repeat(16_000), '', false]));
    await until('an ordinary answer', () => fits.messages.some((m) => m[0] === 'refused' && m[2] === 'too_long'));
    fits.ws.terminate();
  });

  it('in a minute is refused with the time to wait, and closed as flood when it goes on', async () => {
    const g = await gateway({ LECTERN_COMMANDS_PER_MINUTE: '60' });
    const c = bare(g.url);
    await c.opened;
    c.ws.send(hello());
    await until('welcome', () => c.messages.some((m) => m[0] === 'welcome'));
    for (let n = 1; n <= 60; n++) c.ws.send(JSON.stringify(['vote', id(n), 999, true]));
    const answers = () => c.messages.filter((m) => m[0] === 'refused');
    await until('every command is answered', () => answers().length === 60);
    expect(answers().slice(0, 15).every((m) => m[2] === 'no_question')).toBe(true);
    expect(answers().slice(20).every((m) => m[2] === 'too_fast' && m[3] > 0 && m[3] < 10_000)).toBe(true);
    expect(c.code).toBe(0);
    for (let n = 100; n < 4000; n++) c.ws.send(JSON.stringify(['vote', id(n), 999, true]));
    await until('closed', () => c.code);
    expect([c.code, c.reason, c.retry]).toEqual([4006, 'flood', 30000]);
    const back = bare(g.url);
    await back.opened; // the connection is closed, the person is not banned
    back.ws.terminate();
  });

  it('in a minute may be ten times as many from the host side: it answers for a whole queue', async () => {
    const g = await gateway({ LECTERN_COMMANDS_PER_MINUTE: '60' });
    const session = await organizer.session();
    const refused = async (page: string, cookie: string) => {
      const c = new Client(g.url, session.code, page);
      c.cookie = cookie;
      await c.join();
      let least = Infinity;
      c.ws!.on('message', (data) => { const m = JSON.parse(String(data)); if (m[2] === 'too_fast') least = Math.min(least, m[3]); });
      for (let n = 0; n < 60; n++) c.send(['vote', id(0x7000 + n), 999, true]);
      await until('somebody is too fast', () => least < Infinity);
      await c.leave();
      return least;
    };
    expect(await refused('attendee', '')).toBeGreaterThan(500); // the next second's command
    expect(await refused('host', organizer.cookie)).toBeLessThan(200);
  });
});

describe('passwords being tried', () => {
  it('do not keep people from joining', async () => {
    const g = await gateway({ LECTERN_POOL_THREADS: '2' });
    const session = await organizer.session();
    let answered = 0;
    const tries = [...Array(12)].map((_, i) => new Organizer(g.url).call('POST', 'sign-in', { email: `x${i}@example.org`, password: 'wrong' },
      { 'x-forwarded-for': `203.0.113.${i}` }).then((r) => { answered++; return r.status; }));
    await until('they are under way', async () => (await g.metric('pool_waiting')) >= 8);
    const client = await new Client(g.url, session.code).join();
    expect(answered).toBeLessThan(6);
    expect(new Set(await Promise.all(tries))).toEqual(new Set([401]));
    await client.leave();
  });
});

describe('other origins', () => {
  it('are those of public_url and allowed_origins, exactly', async () => {
    const g = await gateway({ LECTERN_PUBLIC_URL: 'https://qa.example/', LECTERN_ALLOWED_ORIGINS: 'https://a.example https://b.example:8443' });
    const rows: [string, boolean][] = [['https://qa.example', true], ['https://a.example', true], ['https://b.example:8443', true],
      [g.url.replace('http', 'https'), true], [g.url, false], ['http://qa.example', false], ['https://qa.example.evil.example', false],
      ['https://b.example', false], ['a.example', false], ['https://a.example https://b.example:8443', false]];
    for (const [origin, may] of rows) {
      const c = bare(g.url, { headers: { origin, cookie: '__Host-lectern=x' } });
      expect([origin, await c.opened.then(() => true, () => false)]).toEqual([origin, may]);
      c.ws.terminate();
    }
  });
});

describe('a request sent before the last one is answered', () => {
  it('waits without costing anything, and has to be sent again', async () => {
    const g = await gateway({});
    const [worker] = g.workers();
    const spent = () => { // seconds of CPU
      const fields = readFileSync(`/proc/${worker}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    };
    const lock = new pg.Client({ host: system.postgres.conninfo.match(/host=(\S+)/)![1], user: 'lectern', database: 'postgres' });
    lock.on('error', () => {});
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE login');
    const [s] = sockets(g.port, 1);
    let heard = '';
    s!.socket.on('data', (data) => (heard += data));
    s!.socket.write('GET /api/v1/me HTTP/1.1\r\nhost: x\r\ncookie: lectern_login=abc\r\n\r\n');
    await until('the first request waits for the database', async () =>
      (await system.postgres.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length);
    s!.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    const before = spent(), began = Date.now();
    await until('a while', () => Date.now() - began > 1500);
    expect(spent() - before).toBeLessThan(0.5);
    expect(heard).toBe('');
    await lock.query('COMMIT');
    await lock.end();
    // The first answer and the end; libwebsockets 4.3 may end it without one. A client that sends ahead has to be ready to
    // send again (RFC 9112 section 9.3.2).
    await until('the end', () => s!.closed);
    if (heard) expect(heard).toMatch(/^HTTP\/1.1 401 .*\r\nconnection: close\r\n/s);
    expect(heard).not.toContain('200 OK');
    const [both] = sockets(g.port, 1); // in one segment: libwebsockets 4.1 answers both, 4.3 the first, or closes
    heard = '';
    both!.socket.on('data', (data) => (heard += data));
    both!.socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('the first answer, or the end', () => heard.includes('ready\n') || both!.closed);
    both!.socket.destroy();
  });
});

describe('SIGTERM', () => {
  it('says "not ready", sends everybody to the other gateway, and loses nothing', async () => {
    const leaving = await gateway({ LECTERN_DRAIN_MS: '3000', LECTERN_WORKERS: '2' }), stays = system.gateways[0]!;
    const session = await organizer.session({ review: 0 });
    const reasons: string[] = [];
    const people = await Promise.all([...Array(20)].map(async () => {
      const c = await new Client(leaving.url, session.code).join();
      c.ws!.on('message', (data) => { const m = JSON.parse(String(data)); if (m[0] === 'closing') reasons.push(`${m[1]} ${m[2]}`); });
      return c;
    }));
    const asked: Promise<Answer>[] = [];
    let running = true;
    const loops = people.map(async (p, i) => {
      for (let n = 0; running; n++) {
        const answer = p.command('ask', [`${i}.${n}`, '', true]);
        asked.push(answer);
        await answer;
        await new Promise((done) => setTimeout(done, 100));
      }
    });
    await until('load is flowing', () => asked.length > 40);
    const probe = connect(leaving.port, '127.0.0.1');
    let heard = '';
    probe.on('data', (data) => (heard += data));
    await new Promise((done) => probe.once('connect', done));
    const ready = async () => { heard = ''; probe.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n'); await until('readyz', () => heard.includes('\n\r\n')); return heard; };
    expect(await ready()).toContain('200');
    for (const p of people) p.url = stays.url;
    const over = leaving.signal('SIGTERM');
    await until('not ready', async () => (await ready()).includes('503'));
    expect(heard).toContain('draining');
    expect(reasons.length).toBeLessThan(people.length); // while most are still served
    await until('everybody has come back', () => people.every((p) => p.welcomes === 2));
    const before = asked.length;
    await until('load flows on', () => asked.length > before + 40);
    running = false;
    await Promise.all(loops);
    const answers = await Promise.all(asked);
    expect(answers.every((r) => r.ok)).toBe(true);
    expect(reasons).toEqual(people.map(() => 'drain 5000'));
    const rows = await system.postgres.query('SELECT id::int FROM question WHERE room_id = $1 ORDER BY id', [session.id]);
    expect(rows.map((r) => r.id)).toEqual(answers.map((r) => r.seq).sort((x, y) => x - y));
    await until('one state for all', () => people.every((p) => p.seq === people[0]!.seq && p.state() === people[0]!.state()));
    expect(people.reduce((n, p) => n + p.gaps, 0)).toBe(0);
    await Promise.all(people.map((p) => p.leave()));
    probe.destroy();
    await over;
    expect(leaving.log).not.toMatch(/did not end in time|AddressSanitizer|runtime error:/);
  }, 90_000);
});

describe('the metrics', () => {
  it('count every command once, whether it is accepted, refused or too fast', async () => {
    const g = await gateway({ LECTERN_COMMANDS_PER_MINUTE: '20' });
    const c = bare(g.url);
    await c.opened;
    c.ws.send(hello());
    await until('welcome', () => c.messages.some((m) => m[0] === 'welcome'));
    c.ws.send(JSON.stringify(['ask', id(0x5000), 'Counted', '', false]));
    for (let n = 1; n < 10; n++) c.ws.send(JSON.stringify(['vote', id(0x5000 + n), 999, true]));
    await until('all answers', () => c.messages.filter((m) => m[0] === 'ack' || m[0] === 'refused').length === 10);
    expect(c.messages.some((m) => m[2] === 'too_fast')).toBe(true);
    expect([await g.metric('commands_total'), await g.metric('acks_total'), await g.metric('commands_refused_total')]).toEqual([10, 1, 9]);
    c.ws.terminate();
  });
});

describe('the log', () => {
  it('says when the database is there without calling it a problem', () => {
    const line = system.gateways[0]!.log.split('\n').find((l) => l.includes('store connected'));
    expect(line).toMatch(/level=info/);
  });
});
