// Bad Wi-Fi: the server goes away under people who type and vote, and comes back. Nothing typed is lost, nothing is
// doubled, and nobody has to reload.
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest';
import { People, phone, type Person } from '../lib/browser';
import { Client } from '../lib/client';
import { Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

let system: System, people: People, organizer: Organizer, session: { id: number; code: string }, ann: Person, question: number;
const box = () => ann.page.getByRole('textbox', { name: 'Your question' });
const card = () => ann.page.getByRole('listitem').filter({ hasText: 'Anybody here?' });
beforeAll(async () => {
  system = await System.start(1);
  organizer = await Organizer.setUp(system);
  people = await People.start();
});
afterAll(async () => {
  await people?.stop();
  await system?.stop();
});
beforeEach(async () => {
  session = await organizer.session({ review: 0 });
  const asker = await new Client(system.gateways[0]!.url, session.code).join();
  question = await asker.must('ask', 'Anybody here?', '', true);
  await asker.leave();
  ann = await people.person('Ann', { viewport: phone });
  await ann.page.goto(`${system.gateways[0]!.url}/s/${session.code}`);
  await card().waitFor();
});
afterEach(async () => {
  expect(ann.complaints).toEqual([]);
  await ann.close();
});
const rows = (sql: string) => system.postgres.query(sql, [session.id]);

it('a server that is away: typed text, a vote and a question stay and arrive once', async () => {
  await system.gateways[0]!.signal('SIGKILL');
  await ann.page.getByText(/Connection lost|Connecting/).first().waitFor();
  await ann.shot('network-1-away');
  await card().getByRole('button', { pressed: false }).click();
  await card().getByRole('button', { pressed: true }).waitFor();
  await box().fill('Sent while away');
  await ann.page.getByRole('button', { name: 'Ask', exact: true }).click();
  await box().fill('Half a thou');
  await ann.page.getByText(/2 actions are kept/).waitFor();
  await system.gateways[0]!.start();
  await until('both have arrived', async () => (await rows('SELECT 1 FROM question WHERE room_id = $1')).length === 2 && (await rows('SELECT 1 FROM vote WHERE room_id = $1')).length === 1);
  await ann.page.getByText(/Connection lost|Connecting/).first().waitFor({ state: 'detached' });
  expect(await box().inputValue()).toBe('Half a thou');
  await until('the count is the server\'s', async () => (await card().getByRole('button', { pressed: true }).innerText()).includes('1'));
  expect(await rows('SELECT votes FROM question WHERE room_id = $1 ORDER BY id')).toEqual([{ votes: 1 }, { votes: 0 }]);
});

it('a reload keeps what was typed, and sends what had not been sent', async () => {
  const gateway = system.gateways[0]!;
  let cut = false;
  await ann.page.routeWebSocket(/\/ws$/, (ws) => {
    if (cut) void ws.close({ code: 4003 });
    else ws.connectToServer();
  });
  await ann.page.reload();
  await card().waitFor();
  cut = true;
  for (const pid of gateway.workers()) process.kill(pid, 'SIGKILL');
  await ann.page.getByText(/Connection lost|Connecting/).first().waitFor();
  await box().fill('Sent before the reload');
  await ann.page.getByRole('button', { name: 'Ask', exact: true }).click();
  await box().fill('Typed before the reload');
  await ann.page.reload(); // the network is still away
  cut = false;
  await until('the question has arrived', async () => (await rows('SELECT 1 FROM question WHERE room_id = $1')).length === 2);
  await box().waitFor();
  expect(await box().inputValue()).toBe('Typed before the reload');
});

it('a database that is away: the question is kept and stored once when it is back', async () => {
  await system.postgres.kill();
  await box().fill('Asked without a database');
  await ann.page.getByRole('button', { name: 'Ask', exact: true }).click();
  await ann.page.getByRole('tab', { name: 'Mine' }).click();
  await ann.page.getByText('Being sent…').first().waitFor();
  await system.postgres.start();
  await until('it is stored', async () => (await rows('SELECT 1 FROM question WHERE room_id = $1')).length === 2);
  await ann.page.getByText('Being sent…').first().waitFor({ state: 'detached' });
  expect((await rows(`SELECT 1 FROM question WHERE room_id = $1 AND text = 'Asked without a database'`)).length).toBe(1);
});

it('two tabs of one person have one vote', async () => {
  const other = await ann.secondTab();
  await other.goto(`${system.gateways[0]!.url}/s/${session.code}`);
  await card().getByRole('button', { pressed: false }).click();
  await other.getByRole('listitem').filter({ hasText: 'Anybody here?' }).getByRole('button', { pressed: true }).waitFor();
  await until('one vote', async () => (await rows('SELECT votes FROM question WHERE room_id = $1'))[0]!.votes === 1);
  void question;
});

it('a card does not move while it has the focus', async () => {
  const voters = await Promise.all([...Array(3)].map(() => new Client(system.gateways[0]!.url, session.code).join()));
  const second = await voters[0]!.must('ask', 'A better question', '', true);
  const chip = ann.page.getByRole('button', { name: /new/ });
  await chip.click();
  const order = () => ann.page.getByRole('tabpanel').getByRole('listitem').allInnerTexts();
  await until('both are listed', async () => (await order()).length === 2);
  const before = (await order()).map((text) => /Anybody|better/.exec(text)![0]);
  await card().getByRole('button', { pressed: false }).focus();
  for (const voter of voters) await voter.must('vote', second, true);
  await ann.page.getByRole('listitem').filter({ hasText: 'A better question' }).getByText('3').waitFor();
  expect((await order()).map((text) => /Anybody|better/.exec(text)![0])).toEqual(before);
  expect(before).toEqual(['Anybody', 'better']);
  await ann.page.getByRole('button', { name: /moved/ }).click();
  await until('the chip applies the order', async () => /better/.test((await order())[0]!));
  await Promise.all(voters.map((v) => v.leave()));
});
