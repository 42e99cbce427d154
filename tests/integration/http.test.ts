// Pages, assets, the JSON API's rules, and what a stranger on the web may not do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Organizer } from '../lib/organizer';
import { System } from '../lib/procs';

let system: System;
let organizer: Organizer;
let base: string;
beforeAll(async () => {
  system = await System.start(1);
  organizer = await Organizer.setUp(system);
  base = system.gateways[0]!.url;
});
afterAll(() => system?.stop());

describe('pages and assets', () => {
  it('come with the right headers, compressed, and are revalidated', async () => {
    const page = await fetch(`${base}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('set-cookie')).toMatch(/HttpOnly/);
    const html = await page.text();
    const asset = /\/assets\/[^"]+\.js/.exec(html)![0];
    const script = await fetch(base + asset, { headers: { 'accept-encoding': 'br' } });
    expect(script.headers.get('content-encoding')).toBe('br');
    expect(script.headers.get('cache-control')).toContain('immutable');
    const etag = script.headers.get('etag')!;
    expect((await fetch(base + asset, { headers: { 'if-none-match': etag, 'accept-encoding': 'br' } })).status).toBe(304);
    expect((await fetch(`${base}/assets/../../../../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${base}/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404);
    expect((await fetch(`${base}/nowhere`)).status).toBe(404);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
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
    expect((await stranger.call('POST', 'sign-in', { email: 'wei@example.org', password: 'wrong' })).status).toBe(401);
    expect((await stranger.call('POST', 'sign-in', { email: 'nobody@example.org', password: 'wrong' })).status).toBe(401);
    await stranger.ok('POST', 'sign-in', { email: 'WEI@example.org', password: 'correct horse battery' });
    expect((await stranger.ok('GET', 'me')).email).toBe('wei@example.org');
    await stranger.ok('POST', 'sign-out', {});
    expect((await stranger.call('GET', 'me')).status).toBe(401);
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

describe('the WebSocket', () => {
  const open = (headers: Record<string, string>) => new Promise<number>((done) => {
    const ws = new WebSocket(base.replace('http', 'ws') + '/ws', 'lectern.v1', { headers });
    ws.on('open', () => { ws.terminate(); done(101); });
    ws.on('unexpected-response', (_, r) => { r.resume(); done(r.statusCode!); });
    ws.on('error', () => done(0));
  });
  it('checks the origin of browsers', async () => {
    const cookie = 'lectern=x';
    expect(await open({})).toBe(101);
    expect(await open({ cookie, origin: base })).toBe(101);
    for (const origin of ['https://evil.example', 'null', base + '.evil.example', base.replace('http', 'https')]) {
      expect([origin, await open({ cookie, origin })]).not.toEqual([origin, 101]);
    }
    expect(await open({ cookie })).not.toBe(101);
  });
});
