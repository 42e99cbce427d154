// A session with everything in it, and the people who look at it: what the browser tests play with.
import { Client } from './client';
import { Organizer } from './organizer';
import { until, type Gateway, type System } from './procs';

export const setup = { name: 'Wei Chen', email: 'wei@example.org', password: 'correct horse battery', organization: 'Open Source Shanghai' };

export interface Hall { id: number; code: string; base: string; organizer: Organizer; links: Record<'cohost' | 'moderator' | 'speaker', string> }

const questions = [
  ['How do you size a connection pool?', 'Ann', 9], ['分布式事务在实际项目中值得吗？', '李雷', 7],
  ['What would you measure first when p99 latency doubles overnight?', '', 6], ['Is group commit still worth it on NVMe disks?', 'Tomás', 4],
  ['Will the slides be shared afterwards? https://example.org/slides', '', 2], ['How do you test failover without waiting for a real outage?', 'Mei', 2],
  ['服务团队如何写数据库测试？', '', 1],
] as const;

export async function open(organizer: Organizer, gateway: Gateway, policies: Record<string, number> = {}): Promise<Hall> {
  const { id, code } = await organizer.session(policies);
  const link = async (role: string): Promise<string> =>
    (await organizer.ok('POST', `sessions/${id}/links`, { role, label: role, days: 1 })).url.replace(/^https?:\/\/[^/]+/, gateway.url);
  return { id, code, base: gateway.url, organizer, links: { cohost: await link('cohost'), moderator: await link('moderator'), speaker: await link('speaker') } };
}

/** Questions in every state, votes, an answer: asked by people of their own, decided by the host. */
export async function fill(hall: Hall, system: System): Promise<void> {
  const host = new Client(hall.base, hall.code, 'host');
  host.cookie = hall.organizer.cookie;
  await host.join();
  const people = await Promise.all([...Array(10)].map((_, i) => new Client(system.gateways[i % system.gateways.length]!.url, hall.code).join()));
  const ids: number[] = [];
  for (const [i, [text, name, votes]] of questions.entries()) {
    const id = await people[i]!.must('ask', text, name, name === '');
    ids.push(id);
    if (i === questions.length - 1) break; // waits for review
    await until('the host sees it', () => host.questions.has(id));
    await host.must('approve', id, '');
    await until('all see it', () => people.every((p) => p.questions.has(id)));
    for (let v = 0; v < votes; v++) await people[v]!.must('vote', id, true);
  }
  await host.must('answered', ids[5]);
  await host.must('reply', ids[4], 'Yes, on the event page tonight.', false);
  await host.must('reject', ids[3], 'already_answered', 'See the first talk.');
  await host.must('stage', ids[0]);
  await Promise.all([...people, host].map((c) => c.leave()));
}
