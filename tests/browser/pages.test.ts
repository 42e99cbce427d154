// Every page, in both languages and both colour schemes: no serious finding of axe, no complaint of the browser, nothing
// wider than the screen; and a picture of each for people to look at.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { desk, oldProjector, People, phone, projector, small, type Person } from '../lib/browser';
import { fill, open, setup, type Hall } from '../lib/cast';
import { Organizer } from '../lib/organizer';
import { System } from '../lib/procs';

let system: System, people: People, hall: Hall, over: Hall, lobby: Hall;
beforeAll(async () => {
  system = await System.start(1);
  const organizer = await Organizer.setUp(system);
  const gateway = system.gateways[0]!;
  [hall, over, lobby] = [await open(organizer, gateway), await open(organizer, gateway, { feedback_names: 1 }), await open(organizer, gateway)];
  await fill(hall, system);
  await fill(over, system);
  await organizer.command(over.id, 'state', 'ended');
  await organizer.command(lobby.id, 'policy', 'ask_ahead', 1);
  people = await People.start();
});
afterAll(async () => {
  await people?.stop();
  await system?.stop();
});

interface Visit { name: string; path: () => string; as?: 'cohost' | 'speaker' | 'organizer'; screens: Record<string, { width: number; height: number }>; ready: string }
const handheld = { phone, small }, wide = { desk, phone }, projectors = { projector, oldProjector };
const visits: readonly Visit[] = [
  { name: 'join', path: () => '/', screens: { phone, desk }, ready: 'h1' },
  { name: 'missing', path: () => '/nowhere/at/all', screens: { phone }, ready: '.empty' },
  { name: 'attendee', path: () => `/s/${hall.code}`, screens: { ...handheld, desk }, ready: 'h1' },
  { name: 'attendee-empty', path: () => `/s/${lobby.code}`, screens: { phone }, ready: 'h1' },
  { name: 'attendee-ended', path: () => `/s/${over.code}`, screens: handheld, ready: 'h1' },
  { name: 'unknown-code', path: () => '/s/ZZZZZZ', screens: { phone }, ready: '.empty' },
  { name: 'host', path: () => `/s/${hall.code}/host`, as: 'cohost', screens: wide, ready: 'h1' },
  { name: 'host-refused', path: () => `/s/${hall.code}/host`, screens: { phone }, ready: '.empty' },
  { name: 'speaker', path: () => `/s/${hall.code}/speaker`, as: 'speaker', screens: handheld, ready: 'h1' },
  { name: 'stage', path: () => `/s/${hall.code}/stage`, screens: projectors, ready: 'svg' },
  { name: 'stage-ended', path: () => `/s/${over.code}/stage`, screens: { projector }, ready: 'svg' },
  { name: 'overlay', path: () => `/s/${hall.code}/stage?overlay=1`, screens: { projector }, ready: 'main' },
  { name: 'sign-in', path: () => '/sign-in', screens: { phone }, ready: 'h1' },
  { name: 'setup-used', path: () => '/setup/abcdefghijklmnopqrstuvwxyz0123456789', screens: { phone }, ready: '.empty' },
  { name: 'events', path: () => '/organize', as: 'organizer', screens: wide, ready: 'h2' },
  { name: 'event', path: () => `/organize/events/${1}`, as: 'organizer', screens: wide, ready: 'h2' },
  { name: 'session', path: () => `/organize/sessions/${hall.id}`, as: 'organizer', screens: wide, ready: 'h2' },
  { name: 'review', path: () => `/organize/sessions/${over.id}/review`, as: 'organizer', screens: wide, ready: 'h2' },
];

async function enter(person: Person, visit: Visit): Promise<void> {
  if (visit.as === 'organizer') {
    const response = await person.context.request.post(`${hall.base}/api/v1/sign-in`, {
      headers: { 'x-lectern': '1' }, data: { email: setup.email, password: setup.password },
    });
    expect(response.ok()).toBe(true);
  } else if (visit.as) {
    await person.page.goto(hall.links[visit.as]);
  }
  await person.page.goto(hall.base + visit.path());
  await person.page.locator(visit.ready).first().waitFor();
}

describe.each([['en', 'light'], ['zh-CN', 'dark'], ['en', 'dark'], ['zh-CN', 'light']] as const)('in %s, %s', (locale, colorScheme) => {
  it.each(visits.map((visit) => [visit.name, visit] as const))('%s', async (name, visit) => {
    const person = await people.person(name, { locale, colorScheme, viewport: Object.values(visit.screens)[0] });
    await enter(person, visit);
    const page = person.page;
    for (const [screen, size] of Object.entries(visit.screens)) {
      await page.setViewportSize(size);
      await person.shot(`${name}-${screen}-${locale}-${colorScheme}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect([screen, overflow]).toEqual([screen, 0]);
    }
    expect(await page.title()).toMatch(/Lectern/);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
    if (locale === 'zh-CN') expect(await page.locator('body').innerText()).toMatch(/[\u4e00-\u9fff]/);
    expect(await person.axe()).toEqual([]);
    expect(person.complaints).toEqual([]);
    await person.close();
  });
});
