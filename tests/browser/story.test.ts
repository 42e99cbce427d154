// One evening, told by the people in it: from the set-up link to the downloaded export, over two gateways.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { desk, People, phone, projector, type Person } from '../lib/browser';
import { setup } from '../lib/cast';
import { System, until } from '../lib/procs';

let system: System, people: People, a: string, b: string;
beforeAll(async () => {
  system = await System.start(2);
  [a, b] = system.gateways.map((g) => g.url) as [string, string];
  people = await People.start();
});
afterAll(async () => {
  await people?.stop();
  await system?.stop();
});

const ask = async (person: Person, text: string) => {
  await person.page.getByRole('textbox', { name: 'Your question' }).fill(text);
  await person.page.getByRole('button', { name: 'Ask', exact: true }).click();
};

it('a live session, end to end', async () => {
  // The organizer: set-up link, event, session.
  const wei = await people.person('organizer', { viewport: desk });
  const office = wei.page;
  const token = /\/setup\/(\S+)/.exec(system.cli(['setup-link', '--url', a]))![1]!;
  await office.goto(`${a}/setup/${token}`);
  await office.getByLabel('Your name').fill(setup.name);
  await office.getByLabel('Email address').fill(setup.email);
  await office.getByLabel('Password').fill(setup.password);
  await office.getByLabel('Organization').fill(setup.organization);
  await office.getByRole('button', { name: 'Make the account' }).click();
  await office.getByLabel('Title').fill('Autumn meetup');
  await office.getByRole('button', { name: 'Create the event' }).click();
  await office.getByRole('heading', { name: 'Autumn meetup' }).waitFor();
  await office.getByLabel('Title').fill('Databases at night');
  await office.getByRole('button', { name: 'Create the session' }).click();
  await office.getByRole('heading', { name: 'Databases at night' }).first().waitFor();
  await office.getByRole('button', { name: 'Open the lobby' }).click();
  await office.getByText('Lobby open').first().waitFor();
  const code = /\b[0-9A-HJKMNP-TV-Z]{6}\b/.exec(await office.locator('main').innerText())![0];
  // A role link for the co-host; shown once.
  await office.getByRole('button', { name: 'Create a role link' }).click().catch(() => {});
  await office.getByLabel('Role', { exact: true }).selectOption('cohost');
  await office.getByRole('button', { name: 'Create the link' }).click();
  const link = await until('the role link', async () => /https?:\/\/\S+\/r\/\S+/.exec(await office.locator('main').innerText() + (await office.locator('main input').evaluateAll((list) => list.map((i) => (i as HTMLInputElement).value).join(' '))))?.[0]);
  await wei.shot('story-1-session');

  // The co-host comes by the link, on the other gateway; the hall sees the code.
  const mei = await people.person('host', { viewport: desk });
  const host = mei.page;
  await host.goto(link.replace(a, b));
  await host.getByRole('heading', { name: 'Databases at night' }).waitFor();
  const hall = await people.person('stage', { viewport: projector });
  await hall.page.goto(`${a}/s/${code}/stage`);
  await hall.page.getByText(`${code.slice(0, 3)} ${code.slice(3)}`).first().waitFor();

  // Ann types the code; the lobby lets her wait. Li is in the lobby on the other gateway.
  const ann = await people.person('Ann', { viewport: phone });
  await ann.page.goto(a);
  await ann.page.getByLabel('Session code').fill(code.toLowerCase());
  await ann.page.getByRole('button', { name: 'Join' }).click();
  await ann.page.getByText('It has not started yet').or(ann.page.getByText(/^Starts/)).first().waitFor();
  const li = await people.person('Li', { viewport: phone, locale: 'zh-CN', colorScheme: 'dark' });
  await li.page.goto(`${b}/s/${code}`);
  await li.page.getByText('尚未开始').first().waitFor();
  await host.getByRole('button', { name: 'Go live' }).click();

  // Ann asks; only she and the hosts see it.
  await ask(ann, 'How do you size a connection pool?');
  const queue = host.getByRole('region', { name: 'To review' });
  await queue.getByText('How do you size a connection pool?').waitFor();
  await ann.page.getByRole('tab', { name: 'Mine' }).click();
  await ann.page.getByText('Waiting', { exact: true }).first().waitFor();
  expect(await li.page.getByText('connection pool').count()).toBe(0);
  await li.page.getByRole('textbox').first().fill('分布式事务值得吗？');
  await li.page.locator('form').getByRole('button', { name: '提问', exact: true }).click();
  await queue.getByText('分布式事务值得吗？').waitFor();

  // Approve, vote, take back, vote: everybody's count follows; the voter's at once.
  await queue.getByRole('listitem').filter({ hasText: 'connection pool' }).getByRole('button', { name: 'Approve' }).click();
  const card = li.page.getByRole('listitem').filter({ hasText: 'connection pool' });
  const chip = li.page.getByRole('button', { name: /新/ });
  await until('the question is in the list of Li', async () => {
    if (await chip.count()) await chip.first().click().catch(() => {});
    return card.count();
  });
  const vote = card.getByRole('button', { pressed: false });
  await vote.click();
  await card.getByRole('button', { pressed: true }).click();
  await card.getByRole('button', { pressed: false }).click();
  await card.getByRole('button', { pressed: true }).waitFor();
  const live = host.getByRole('region', { name: /^Live/ });
  await live.getByRole('listitem').filter({ hasText: 'connection pool' }).getByText('1').first().waitFor();

  // Edit then approve; reject with a reason, undo, reject again.
  await queue.getByRole('listitem').filter({ hasText: '分布式' }).getByRole('button', { name: /Edit/ }).click();
  await host.getByRole('textbox', { name: 'Question' }).fill('分布式事务在实际项目中值得吗？');
  await host.getByRole('button', { name: 'Approve' }).last().click();
  await live.getByText('分布式事务在实际项目中值得吗？').waitFor();
  await ask(ann, 'Off topic?');
  await queue.getByRole('listitem').filter({ hasText: 'Off topic?' }).getByRole('button', { name: /Reject/ }).click();
  await host.getByLabel('Reason').getByText('Off topic').or(host.getByRole('radio', { name: 'Off topic' })).first().click().catch(() => host.getByLabel('Reason').selectOption('off_topic'));
  await host.getByRole('button', { name: 'Reject', exact: true }).click();
  await ann.page.getByText('It does not belong to this topic.').waitFor();
  await host.getByRole('status').filter({ hasText: 'Off topic?' }).getByRole('button', { name: 'Undo' }).last().click();
  await queue.getByText('Off topic?').waitFor();

  // On stage: the hall reads it large, phones say so.
  await live.getByRole('listitem').filter({ hasText: 'connection pool' }).getByRole('button', { name: 'Put on stage' }).click();
  await hall.page.getByText('How do you size a connection pool?').first().waitFor();
  await li.page.getByText('正在回答').first().waitFor();
  await Promise.all([ann.shot('story-2-ann'), li.shot('story-2-li'), hall.shot('story-2-stage'), mei.shot('story-2-host')]);

  // Answer in writing, to everybody.
  const stage = host.getByRole('region', { name: 'On stage' });
  await stage.getByRole('button', { name: /Reply/ }).click();
  await host.getByRole('textbox', { name: 'Answer' }).fill('Twice the cores, then measure.');
  await host.getByRole('button', { name: 'Send the answer' }).click();
  await ann.page.getByText('Twice the cores, then measure.').first().waitFor();

  // The end: feedback, once, changed once.
  await host.getByRole('button', { name: 'End', exact: true }).click();
  await host.getByRole('button', { name: 'End the session' }).click();
  await hall.page.getByText('Scan to give feedback').waitFor();
  await ann.page.getByRole('radio', { name: '4 stars' }).click({ force: true });
  await ann.page.getByRole('radio', { name: '9', exact: true }).or(ann.page.getByRole('radio', { name: '9 of 10' })).first().click({ force: true });
  await ann.page.getByLabel('What went well').fill('Good pace.');
  await ann.page.getByRole('button', { name: 'Send feedback' }).click();
  await ann.page.getByText('Thank you for your feedback').waitFor();
  await ann.page.getByRole('button', { name: 'Change it' }).click();
  await ann.page.getByRole('radio', { name: '5 stars' }).click({ force: true });
  await ann.page.getByRole('button', { name: 'Send feedback' }).click();
  await ann.page.getByText('Your rating: 5 stars').waitFor();

  // The organizer reviews and downloads.
  await office.reload();
  await office.getByRole('link', { name: 'Review' }).first().click();
  await office.getByText('Twice the cores, then measure.').first().waitFor();
  await wei.shot('story-3-review');
  const text = await office.locator('main').innerText();
  expect(text).toContain('分布式事务在实际项目中值得吗？');
  const [download] = await Promise.all([
    office.waitForEvent('download'),
    office.getByRole('link', { name: /Questions as CSV/ }).click(),
  ]);
  const csv = readFileSync((await download.path())!, 'utf8');
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  expect(csv).toContain('How do you size a connection pool?');
  expect(csv).toContain('Twice the cores, then measure.');
  const [room] = await system.postgres.query('SELECT (SELECT count(*)::int FROM feedback) AS feedback, (SELECT max(stars)::int FROM feedback) AS stars, (SELECT count(*)::int FROM vote) AS votes');
  expect(room).toEqual({ feedback: 1, stars: 5, votes: 1 });
  expect(people.complaints).toEqual([]);
}, 180_000);
