// The room through real gateways: exactly once, one vote per person, resume, roles.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../lib/client';
import { Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

let system: System;
let organizer: Organizer;
let a: string, b: string;
beforeAll(async () => {
  system = await System.start(2);
  organizer = await Organizer.setUp(system);
  [a, b] = system.gateways.map((g) => g.url) as [string, string];
});
afterAll(() => system?.stop());

async function room(policies: Record<string, number> = { review: 0 }) {
  const session = await organizer.session(policies);
  const join = async (url = a, page = 'attendee', cookie = '') => {
    const c = new Client(url, session.code, page);
    c.cookie = cookie;
    return c.join();
  };
  const host = await join(a, 'host', organizer.cookie);
  return { session, join, host };
}

describe('a question asked on one gateway', () => {
  it('appears on the other through Redis, with its votes', async () => {
    const { join } = await room();
    const [asker, reader] = [await join(a), await join(b)];
    const id = await asker.must('ask', 'How do you size a connection pool?', 'Ann', false);
    await until('the question on the other gateway', () => reader.questions.get(id)?.text === 'How do you size a connection pool?');
    await reader.must('vote', id, true);
    await until('the vote on the first', () => asker.questions.get(id)?.votes === 1);
    await reader.must('vote', id, false);
    await until('the vote taken back', () => asker.questions.get(id)?.votes === 0);
    expect(asker.gaps + reader.gaps).toBe(0);
  });
});

describe('commands', () => {
  it('are stored once whatever their repetitions, and every answer is the first', async () => {
    const { session, join } = await room();
    const first = await join(a);
    const second = new Client(b, session.code);
    second.token = first.token;
    await second.join();
    expect(second.participant).toBe(first.participant);
    const id = randomBytes(16).toString('hex');
    const answers = await Promise.all([...Array(20)].flatMap((_, i) => {
      const c = new Client(i % 2 ? a : b, session.code);
      c.token = first.token;
      return [c.join().then(() => c.command('ask', ['Once only', '', false], id)).then(async (r) => { await c.leave(); return r; })];
    }));
    const seqs = new Set(answers.map((r) => r.seq));
    expect(answers.every((r) => r.ok)).toBe(true);
    expect(seqs.size).toBe(1);
    const rows = await system.postgres.query('SELECT count(*)::int AS n FROM question WHERE room_id = $1', [session.id]);
    expect(rows[0]!.n).toBe(1);
  });

  it('of one person racing to vote 1,000 times count once', async () => {
    const { session, join } = await room();
    const asker = await join(a);
    const question = await asker.must('ask', 'Race me', '', true);
    const voters = await Promise.all([...Array(10)].map(async (_, i) => {
      const c = new Client(i % 2 ? a : b, session.code);
      c.token = asker.token;
      return c.join();
    }));
    const answers = await Promise.all(voters.flatMap((v) => [...Array(100)].map(() => v.command('vote', [question, true]))));
    expect(answers.every((r) => r.ok)).toBe(true);
    const [row] = await system.postgres.query(
      'SELECT votes, (SELECT count(*)::int FROM vote v WHERE v.room_id = q.room_id) AS rows FROM question q WHERE room_id = $1', [session.id]);
    expect(row).toEqual({ votes: 1, rows: 1 });
    await until('one vote on the screen', () => asker.questions.get(question)?.votes === 1);
    await Promise.all(voters.map((v) => v.leave()));
  }, 120_000);

  it('of bad shape are refused with the reason', async () => {
    const { join } = await room({ review: 0, question_length: 10, names: 1 });
    const c = await join(a);
    const refusal = async (word: string, ...fields: unknown[]) => { const r = await c.command(word, fields); return [r.refusal, r.detail]; };
    expect(await refusal('ask', '', 'Ann', false)).toEqual(['empty', 0]);
    expect(await refusal('ask', '　 \n', 'Ann', false)).toEqual(['empty', 0]);
    expect(await refusal('ask', '一二三四五六七八九十多', 'Ann', false)).toEqual(['too_long', 10]);
    expect((await c.command('ask', ['一二三四五六七八九十', 'Ann', false])).ok).toBe(true);
    expect(await refusal('ask', 'No name', '', false)).toEqual(['name_required', 0]);
    expect(await refusal('vote', 999, true)).toEqual(['no_question', 0]);
    expect(await refusal('fly', 1)).toEqual(['unknown_command', 0]);
    expect(await refusal('vote', 'x', true)).toEqual(['malformed', 0]);
  });
});

describe('coming back', () => {
  it('within the ring brings the missing part, beyond it a snapshot', async () => {
    const { join } = await room();
    const writer = await join(a);
    const reader = await join(a);
    await writer.must('ask', 'Before', '', true);
    await until('caught up', () => reader.seq === writer.seq && reader.seq > 0);
    // The ring belongs to a worker, and the kernel chooses the worker: come back until it was the same one.
    let resumed = 0;
    for (let i = 0; i < 20 && !resumed; i++) {
      await reader.leave();
      const before = reader.snapshots;
      await writer.must('ask', `Meanwhile ${i}.1`, '', true);
      await writer.must('ask', `Meanwhile ${i}.2`, '', true);
      await reader.join();
      await until('the missing part', () => reader.state() === writer.state());
      expect(reader.snapshots - before).toBe(reader.resumed ? 0 : 1);
      resumed += Number(reader.resumed);
    }
    expect(resumed).toBe(1);
    const snapshots = reader.snapshots;
    reader.seq = 0;
    await reader.leave();
    await reader.join();
    await until('a snapshot', () => reader.snapshots === snapshots + 1);
    expect(reader.state()).toBe(writer.state());
    expect(reader.gaps).toBe(0);
  });
});

describe('moderation', () => {
  it('shows each decision to everybody it concerns', async () => {
    const { session, join, host } = await room({ review: 1 });
    const [asker, other] = [await join(a), await join(b)];
    const host2 = await join(b, 'host', organizer.cookie);
    const id = await asker.must('ask', 'Pending at first', '', true);
    await until('the asker sees it waiting', () => asker.own.get(id)?.state === 'pending');
    await until('both hosts see it', () => host.questions.get(id)?.state === 'pending' && host2.questions.get(id)?.state === 'pending');
    expect(other.questions.has(id)).toBe(false);
    await host2.must('approve', id, 'Edited, then approved');
    await until('everybody reads the edited text', () => other.questions.get(id)?.text === 'Edited, then approved' && host.questions.get(id)?.state === 'live');
    await host.must('stage', id);
    await until('on stage', () => other.questions.get(id)?.state === 'stage' && asker.own.get(id)?.state === 'stage');
    await host.must('reply', id, 'Just for you', true);
    await until('the asker reads the private answer', () => asker.own.get(id)?.reply === 'Just for you');
    await until('answered', () => other.questions.get(id)?.state === 'answered');
    expect(other.questions.get(id)?.reply).toBe('');
    await host.must('archive', id);
    await until('gone for the others', () => !other.questions.has(id));
    await host.must('restore', id, 'live');
    await until('back', () => other.questions.get(id)?.state === 'live');
    const second = await asker.must('ask', 'Off topic', '', true);
    await until('host has it', () => host.questions.has(second));
    await host.must('reject', second, 'off_topic', 'Next week');
    await until('the asker reads why', () => asker.own.get(second)?.note === 'Next week' && asker.own.get(second)?.reason === 'off_topic');
    expect(other.questions.has(second)).toBe(false);
    // Two hosts at once: one wins, the other hears so.
    const third = await asker.must('ask', 'Contested', '', true);
    await until('both hosts see it', () => host.questions.has(third) && host2.questions.has(third));
    const both = await Promise.all([host.command('approve', [third, '']), host2.command('reject', [third, 'unclear', ''])]);
    expect(both.filter((r) => r.ok).length).toBeGreaterThanOrEqual(1);
    const [row] = await system.postgres.query('SELECT state FROM question WHERE room_id = $1 AND id = $2', [session.id, third]);
    await until('both hosts agree with the database', () => host.questions.get(third)?.state === row!.state && host2.questions.get(third)?.state === row!.state);
  });

  it('is for hosts: an attendee gets neither the page nor the command', async () => {
    const { join } = await room();
    const c = await join(a);
    const id = await c.must('ask', 'Mine', '', true);
    for (const [word, fields] of [['approve', [id, '']], ['stage', [id]], ['state', ['ended']], ['policy', ['review', 1]]] as const) {
      const r = await c.command(word, [...fields]);
      expect([word, r.refusal]).toEqual([word, 'not_allowed']);
    }
    await expect(join(a, 'host')).rejects.toThrow('4501');
  });
});

describe('a session that ends', () => {
  it('takes feedback once per person, changeable, and reports it', async () => {
    const { session, join, host } = await room();
    const [p, q] = [await join(a), await join(b)];
    const id = await p.must('ask', 'Will there be slides?', '', true);
    await until('the question is on the other gateway', () => q.questions.has(id));
    await q.must('vote', id, true);
    expect((await p.command('feedback', [5, 9, 'Great', ''])).refusal).toBe('not_open');
    await host.must('state', 'ended');
    await until('the end is seen', () => p.info?.[4] === 'ended' && q.info?.[4] === 'ended');
    await p.must('feedback', 5, 9, 'Great', '');
    await p.must('feedback', 4, 9, 'Good', '');
    await q.must('feedback', 2, 3, '', '');
    await until('hosts see how many', () => host.info?.[13] === 2);
    const review = await organizer.ok('GET', `sessions/${session.id}/review`);
    expect(review.feedback.n).toBe(2);
    expect(review.feedback.stars).toEqual([0, 1, 0, 1, 0]);
    expect(review.totals.questions).toBe(1);
    expect(review.unmet.votes).toBe(1);
    expect(review.activity.askers).toBe(1);
    const csv = await organizer.call('GET', `sessions/${session.id}/export/questions.csv`);
    expect(csv.status).toBe(200);
    expect(csv.body).toContain('Will there be slides?');
    const json = await organizer.call('GET', `sessions/${session.id}/export/feedback.json`);
    expect(json.body).toHaveLength(2);
  });
});
