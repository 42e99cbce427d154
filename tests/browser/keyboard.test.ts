// Without a mouse: an attendee joins, asks and votes, a host reviews, with keys alone; the focus is always somewhere.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { desk, People } from '../lib/browser';
import { open, type Hall } from '../lib/cast';
import { Organizer } from '../lib/organizer';
import { System, until } from '../lib/procs';

let system: System, people: People, hall: Hall;
beforeAll(async () => {
  system = await System.start(1);
  hall = await open(await Organizer.setUp(system), system.gateways[0]!);
  people = await People.start();
});
afterAll(async () => {
  await people?.stop();
  await system?.stop();
});

const focused = (page: Page) => page.evaluate(() => {
  const at = document.activeElement!;
  return at === document.body ? 'body' : `${at.tagName} ${at.getAttribute('aria-label') ?? (at as HTMLElement).innerText?.slice(0, 60) ?? ''}`;
});

/** Tab until the focus is on something whose text matches; nothing is more than `most` steps away. */
async function tabTo(page: Page, wanted: RegExp, most = 40): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
    if (wanted.test(seen.at(-1)!)) return;
  }
  throw new Error(`no ${wanted} among ${seen.join(' | ')}`);
}

it('join, ask, review, vote', async () => {
  const ann = await people.person('Ann');
  await ann.page.goto(hall.base);
  await until('the code box has the focus', async () => /INPUT/.test(await focused(ann.page)));
  await ann.page.keyboard.type(hall.code);
  await ann.page.keyboard.press('Enter');
  await ann.page.getByRole('heading', { level: 1 }).waitFor();
  await tabTo(ann.page, /TEXTAREA/);
  await ann.page.keyboard.type('Asked with keys');
  await ann.page.keyboard.press('Control+Enter');

  const mei = await people.person('host', { viewport: desk });
  await mei.page.goto(hall.links.cohost);
  const queue = mei.page.getByRole('region', { name: 'To review' });
  await queue.getByText('Asked with keys').waitFor();
  await mei.page.keyboard.press('?');
  await mei.page.getByRole('dialog').waitFor();
  await mei.shot('keyboard-help');
  expect(await mei.axe()).toEqual([]);
  await mei.page.keyboard.press('Escape');
  await mei.page.getByRole('dialog').waitFor({ state: 'detached' });
  await mei.page.keyboard.press('j');
  await mei.page.keyboard.press('a');
  const live = mei.page.getByRole('region', { name: /^Live/ });
  await live.getByText('Asked with keys').waitFor();
  expect(await focused(mei.page)).not.toBe('body');
  await mei.page.keyboard.press('z');
  await queue.getByText('Asked with keys').waitFor();
  await until('the focus is back on the card', async () => (await focused(mei.page)) !== 'body');
  await mei.page.keyboard.press('j');
  await mei.page.keyboard.press('a');
  await live.getByText('Asked with keys').waitFor();

  const bob = await people.person('Bob');
  await bob.page.goto(`${hall.base}/s/${hall.code}`);
  await bob.page.getByText('Asked with keys').waitFor();
  await tabTo(bob.page, /Upvote/);
  await bob.page.keyboard.press('Space');
  await ann.page.getByRole('tab', { name: 'Popular' }).focus();
  await ann.page.keyboard.press('ArrowRight');
  expect(await focused(ann.page)).toMatch(/Newest/);
  await ann.page.getByRole('listitem').filter({ hasText: 'Asked with keys' }).getByText('1').first().waitFor();
  expect(people.complaints).toEqual([]);
}, 120_000);
