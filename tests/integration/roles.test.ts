// Every command × every role × every session state, over real sockets. What should happen is read from the table that
// the server is built from (include/lectern/tbl/command.h), so a row that changes changes this test with it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../lib/client';
import { cookiesOf, Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

const table = readFileSync(fileURLToPath(new URL('../../include/lectern/tbl/command.h', import.meta.url)), 'utf8');
const words = readFileSync(fileURLToPath(new URL('../../include/lectern/tbl/words.h', import.meta.url)), 'utf8');
const list = (name: string) => [...new RegExp(`#define ${name}\\(X\\)((?:.*\\\\\\n)*.*)`).exec(words)![1]!.matchAll(/X\((\w+), (\w+)/g)]
  .map((m) => ({ upper: m[1]!, word: m[2]! }));
const roles = list('LECTERN_ROLES'), states = list('LECTERN_SESSION_STATES');

/** The value of a C mask expression over BIT(…), names of masks, |, & and ~. */
function mask(expression: string): number {
  const js = expression.replace(/BIT\((ROLE|SESSION|QUESTION)_(\w+)\)/g, (_, kind, name) => {
    if (name === 'COUNT') return String(1 << (kind === 'ROLE' ? roles.length : states.length));
    const index = (kind === 'ROLE' ? roles : kind === 'SESSION' ? states : list('LECTERN_QUESTION_STATES')).findIndex((w) => w.upper === name);
    return String(1 << index);
  }).replace(/\b([A-Z]+_[A-Z_]+)\b/g, (name) => String(mask(new RegExp(`#define ${name} \\((.*)\\)`).exec(table)![1]!)));
  return Number(Function(`return (${js})`)());
}
const commands = [...table.replace(/\\\n/g, ' ').matchAll(/X\((\w+),\s*(\w+),\s*([^,]+),\s*([^,]+),\s*([^,]+),\s*LECTERN_FIELDS_\w+\)/g)]
  .map((m) => ({ word: m[2]!, roles: mask(m[3]!), sessions: mask(m[4]!) }));

const fields = (question: number): Record<string, unknown[]> => ({
  ask: ['Matrix', 'Ann', false], edit: [question, 'Edited'], withdraw: [question], vote: [question, true], feedback: [3, 5, '', ''],
  approve: [question, ''], reject: [question, 'unclear', ''], stage: [question], unstage: [question], answered: [question],
  reply: [question, 'Yes', false], archive: [question], restore: [question, 'pending'], state: ['draft'], policy: ['stage_next', 1],
  details: ['Databases at night', '', 0, 0, 'UTC'],
});

let system: System, organizer: Organizer;
beforeAll(async () => {
  system = await System.start(1, { LECTERN_COMMANDS_PER_MINUTE: '100000' });
  organizer = await Organizer.setUp(system);
});
afterAll(() => system?.stop());

describe('the role matrix', () => {
  it('has every command of the table', () => {
    expect(commands.map((c) => c.word).sort()).toEqual(Object.keys(fields(1)).sort());
  });
  it('holds for every command, role and state of the session', async () => {
    const base = system.gateways[0]!.url;
    const session = await organizer.session({ review: 0, ask_ahead: 1 }, 'draft');
    const host = new Client(base, session.code, 'host');
    host.cookie = organizer.cookie;
    await host.join();
    const people: Record<string, Client> = { host };
    for (const role of ['speaker', 'moderator', 'cohost']) {
      const link = await organizer.ok('POST', `sessions/${session.id}/links`, { role, label: role, days: 1 });
      const opened = await fetch(link.url.replace(/^https?:\/\/[^/]+/, base), { redirect: 'manual' });
      const c = new Client(base, session.code, role === 'speaker' ? 'speaker' : 'host');
      c.cookie = cookiesOf(opened).join('; ');
      people[role] = await c.join();
      expect(people[role]!.role).toBe(role);
    }
    await expect(new Client(base, session.code).join()).rejects.toThrow('no_session'); // a draft is for the host side
    for (const state of ['draft', 'scheduled', 'live', 'paused', 'ended', 'archived']) {
      if (state !== 'draft') await host.must('state', state);
      if (state === 'scheduled') people.attendee = await new Client(base, session.code).join();
      await until(`everybody sees ${state}`, () => Object.values(people).every((p) => p.info?.[4] === state));
      const s = states.findIndex((w) => w.word === state);
      for (const command of commands) {
        for (const [name, person] of Object.entries(people)) {
          const r = roles.findIndex((w) => w.word === name);
          const allowedRole = (command.roles >> r & 1) === 1, allowedState = (command.sessions >> s & 1) === 1;
          // A question that does not exist: beyond role and state the answer is no_question, never an effect.
          const answer = await person.command(command.word, fields(999_999)[command.word]!);
          const where = `${command.word} by ${name} in ${state}`;
          if (!allowedRole) expect([where, answer.refusal]).toEqual([where, 'not_allowed']);
          else if (!allowedState) expect([where, answer.refusal]).toEqual([where, 'not_open']);
          else expect([where, ['not_allowed'].includes(answer.refusal)]).toEqual([where, false]);
        }
      }
    }
  }, 120_000);
});
