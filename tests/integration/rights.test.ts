// A right that ends, ends on live connections within a second, on every gateway, with and without Redis.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../lib/client';
import { cookiesOf, Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

const WITHIN_MS = 1000, SLACK_MS = 500; // a second is the promise; the slack is for a machine that does other things too

let system: System;
let organizer: Organizer;
beforeAll(async () => {
  system = await System.start(2);
  organizer = await Organizer.setUp(system);
});
afterAll(() => system?.stop());

const signIn = async (password = 'correct horse battery') => {
  const o = new Organizer(system.gateways[0]!.url);
  await o.ok('POST', 'sign-in', { email: 'wei@example.org', password });
  return o;
};

/** A person on each of the gateways, with the time and the reason of the first closing. */
async function watched(code: string, page: string, cookie: string) {
  return Promise.all(system.gateways.map(async (gateway) => {
    const client = new Client(gateway.url, code, page);
    client.cookie = cookie;
    await client.join();
    const seen = { client, reason: '', at: 0 };
    client.ws!.on('message', (data) => {
      const m = JSON.parse(String(data));
      if (m[0] === 'closing') Object.assign(seen, { reason: m[1], at: Date.now() });
    });
    return seen;
  }));
}

async function endWithin(people: { client: Client; reason: string; at: number }[], end: () => Promise<unknown>) {
  await end();
  const ended = Date.now();
  await until('every connection is closed', () => people.every((p) => p.reason));
  for (const p of people) {
    expect(p.reason).toBe('role_changed');
    expect(p.at - ended).toBeLessThan(WITHIN_MS + SLACK_MS);
  }
}

async function linkTo(session: { id: number; code: string }, role: string) {
  const link = await organizer.ok('POST', `sessions/${session.id}/links`, { role, label: role, days: 1 });
  const opened = await fetch(link.url, { redirect: 'manual' });
  return { id: link.id as number, cookie: cookiesOf(opened).join('; ') };
}

for (const redis of ['with Redis', 'without Redis']) {
  describe(redis, () => {
    beforeAll(async () => {
      if (redis === 'with Redis') return;
      await system.redis.kill();
      await until('both gateways notice', async () => (await Promise.all(system.gateways.map((g) => g.metric('redis_up')))).every((n) => n === 0));
    });

    it('a role link that is revoked or expires', async () => {
      const session = await organizer.session({ review: 0 });
      for (const end of ['revoke', 'expire']) {
        const link = await linkTo(session, 'moderator');
        const people = await watched(session.code, 'host', link.cookie);
        expect(people.map((p) => p.client.role)).toEqual(['moderator', 'moderator']);
        await endWithin(people, () => end === 'revoke' ? organizer.ok('DELETE', `links/${link.id}`)
          : system.postgres.query('UPDATE role_link SET expires_at = now() WHERE id = $1', [link.id]));
        await until('they came back and are told that the page is not theirs', () => people.every((p) => p.client.closeCode === 4501));
        const attendee = new Client(system.gateways[1]!.url, session.code);
        attendee.cookie = link.cookie;
        await attendee.join();
        expect(attendee.role).toBe('attendee');
        expect((await attendee.command('policy', ['review', 1])).refusal).toBe('not_allowed');
        await attendee.leave();
      }
    });

    it('a login: signed out, signed out everywhere, a new password, the account disabled', async () => {
      const session = await organizer.session({ review: 0 });
      const others = await signIn();
      const stays = await watched(session.code, 'host', others.cookie);
      const one = await signIn();
      const first = await watched(session.code, 'host', one.cookie);
      expect(first.map((p) => p.client.role)).toEqual(['host', 'host']);
      await endWithin(first, () => one.ok('POST', 'sign-out', {}));
      expect(stays.map((p) => p.reason)).toEqual(['', '']);

      await endWithin(stays, () => others.ok('POST', 'sign-out-everywhere', {}));
      await until('nobody is let in again', () => [...first, ...stays].every((p) => p.client.closeCode === 4501));

      const keeper = await signIn(), stranger = await signIn();
      const [kept, lost] = [await watched(session.code, 'host', keeper.cookie), await watched(session.code, 'host', stranger.cookie)];
      await endWithin(lost, () => keeper.ok('POST', 'password', { current: 'correct horse battery', password: 'correct horse battery 2' }));
      await keeper.ok('POST', 'password', { current: 'correct horse battery 2', password: 'correct horse battery' });
      expect(kept.map((p) => p.reason)).toEqual(['', '']);
      await kept[0]!.client.must('policy', 'review', 1);

      await endWithin(kept, () => system.postgres.query('UPDATE account SET disabled_at = now()'));
      await system.postgres.query('UPDATE account SET disabled_at = NULL');
      organizer = await signIn();
    });

    it('leaves attendees alone, and gives a raised role at once', async () => {
      const session = await organizer.session({ review: 0 });
      const attendee = await new Client(system.gateways[0]!.url, session.code).join();
      const link = await linkTo(session, 'speaker');
      const [speaker] = await watched(session.code, 'speaker', link.cookie);
      await system.postgres.query("UPDATE role_link SET role = 'cohost' WHERE id = $1", [link.id]);
      await until('back with the new role', () => speaker!.client.role === 'cohost');
      expect([attendee.welcomes, attendee.closeCode]).toEqual([1, 0]);
      await Promise.all([attendee.leave(), speaker!.client.leave()]);
    });
  });
}
