// The organizer's side over HTTP, as the pages use it.
import { randomBytes } from 'node:crypto';
import type { System } from './procs';

/** What an answer sets, as name=value. Debian 12's own Node joins the headers of one name with commas. */
export function cookiesOf(response: Response): string[] {
  return (response.headers.get('set-cookie') ?? '').split(/, (?=[\w.-]+=)/).filter(Boolean).map((cookie) => cookie.split(';')[0]!);
}

export class Organizer {
  cookie = '';
  constructor(readonly base: string) {}
  async call<T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: T; headers: Headers }> {
    const response = await fetch(`${this.base}/api/v1/${path}`, {
      method, redirect: 'manual',
      headers: { 'x-lectern': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const c of cookiesOf(response)) this.addCookie(c);
    const text = await response.text();
    let parsed: any = text;
    try { parsed = JSON.parse(text); } catch { /* not JSON */ }
    return { status: response.status, body: parsed, headers: response.headers };
  }
  private addCookie(pair: string): void {
    const name = pair.split('=')[0]!;
    const others = this.cookie.split('; ').filter((c) => c && !c.startsWith(name + '='));
    this.cookie = [...others, pair].join('; ');
  }
  async ok<T = any>(method: string, path: string, body?: unknown): Promise<T> {
    const r = await this.call<T>(method, path, body);
    if (r.status >= 300) throw new Error(`${method} ${path}: ${r.status} ${JSON.stringify(r.body)}`);
    return r.body;
  }
  command(session: number, word: string, ...fields: unknown[]) {
    return this.call('POST', `sessions/${session}/commands`, [word, randomBytes(16).toString('hex'), ...fields]);
  }
  /** First account, event, session; optionally live at once. */
  static async setUp(system: System): Promise<Organizer> {
    const organizer = new Organizer(system.gateways[0]!.url);
    const out = system.cli(['setup-link', '--url', organizer.base]);
    const token = /\/setup\/([A-Za-z0-9_-]+)/.exec(out)?.[1];
    if (!token) throw new Error(`no set-up link in: ${out}`);
    await organizer.ok('POST', 'setup', { token, name: 'Wei Chen', email: 'wei@example.org', password: 'correct horse battery', organization: 'Open Source Shanghai' });
    return organizer;
  }
  async session(policies: Record<string, number> = {}, state: 'draft' | 'live' = 'live'): Promise<{ id: number; code: string }> {
    const me = await this.ok('GET', 'me');
    const event = await this.ok('POST', 'events', { organization: me.organizations[0].id, title: 'Autumn meetup', description: '' });
    const session = await this.ok('POST', `events/${event.id}/sessions`, { title: 'Databases at night', description: '', starts_at: null, ends_at: null, timezone: 'Asia/Shanghai', policies });
    if (state === 'live') {
      const r = await this.command(session.id, 'state', 'live');
      if (r.status !== 200) throw new Error(`going live: ${JSON.stringify(r.body)}`);
    }
    return session;
  }
}
