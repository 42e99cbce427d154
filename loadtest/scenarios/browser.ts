// The attendee page on a slow phone, in a room where much goes on: Chromium with a throttled CPU, a person who scrolls,
// changes the list and votes (and takes it back), while others vote and ask. The page holds the public window of the room,
// and what it shows at the end must be what the tables hold.
import { People, phone, type CDPSession, type Page } from '../../tests/lib/browser';
import { deploy } from '../lib/deploy';
import type { Rig, Room } from '../lib/rig';
import { scenario, type Figures } from '../lib/scenario';

/** What the page itself watches. `stats` lives in the page. */
interface Stats { longest: number; tasks: number; frames: number; began: number; ended: number; taps: number[] }

function watch(): void {
  const stats: Stats = { longest: 0, tasks: 0, frames: 0, began: performance.now(), ended: 0, taps: [] };
  (window as any).stats = stats;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) [stats.longest, stats.tasks] = [Math.max(stats.longest, task.duration), stats.tasks + 1];
  }).observe({ type: 'longtask' });
  const frame = (now: number) => {
    stats.frames++;
    stats.ended = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Tap the first vote button on the screen, and wait until it shows that: in the page, so that no protocol is timed. */
function tap(wanted: string): Promise<number> {
  const seen = (b: Element) => { const r = b.getBoundingClientRect(); return r.top > 60 && r.bottom < innerHeight; };
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('button.vote')];
  const button = buttons.find((b) => b.getAttribute('aria-pressed') !== wanted && (wanted === 'false' || seen(b)));
  if (!button) return Promise.resolve(-1);
  const began = performance.now();
  return new Promise((done) => {
    new MutationObserver((_, observer) => {
      if (button.getAttribute('aria-pressed') !== wanted) return;
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - began));
    }).observe(button, { attributes: true });
    button.click();
  });
}

async function inUse(cdp: CDPSession): Promise<{ heap: number; nodes: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((m) => m.name === name)!.value;
  return { heap: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes') };
}

/** Like somebody who is a little bored: a tap and back, down and up, the other list; until told to stop. */
async function useIt(page: Page, taps: number[], over: () => boolean): Promise<void> {
  for (let i = 0; !over(); i++) {
    for (const wanted of ['true', 'false']) {
      const ms = await page.evaluate(tap, wanted);
      if (ms >= 0) taps.push(ms);
      await page.waitForTimeout(700);
    }
    await page.mouse.wheel(0, i % 4 < 2 ? 500 : -500);
    await page.getByRole('tab').nth(i % 6 < 3 ? 0 : 1).click();
    await page.waitForTimeout(1000);
  }
  while (await page.evaluate(tap, 'false') >= 0) await page.waitForTimeout(200); // nothing of ours is left
}

/** Text and votes of the questions on the page, against the table. */
async function compareScreen(rig: Rig, room: Room, page: Page): Promise<number> {
  const rows = await rig.system.postgres.query<{ text: string; votes: number }>('SELECT text, votes FROM question WHERE room_id = $1', [room.id]);
  const table = new Map(rows.map((r) => [r.text, r.votes]));
  const shown = await page.$$eval('article.question', (cards) => cards.map((c) => ({ text: c.querySelector('.question-text')?.textContent ?? '',
    votes: Number((c.querySelector('.votes [aria-hidden]')?.textContent ?? '').replace(/\D/g, '')) })));
  const unique = shown.filter(({ text }) => /^\d+\. /.test(text)); // those asked meanwhile all have the same words
  for (const { text, votes } of unique) if (table.get(text) !== votes) rig.wrong(`"${text}" shows ${votes} votes, the table has ${table.get(text)}`);
  if (unique.length === 0) rig.wrong('the page shows no question');
  return unique.length;
}

const percentile = (list: number[], p: number) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))] ?? null;

function pageFigures(stats: Stats, taps: number[], start: { heap: number; nodes: number }, end: { heap: number; nodes: number }): Figures {
  const expected = ((stats.ended - stats.began) * 60) / 1000;
  return {
    longest_task_ms: stats.longest, long_tasks: stats.tasks, frames_dropped_percent: Math.max(0, 100 * (1 - stats.frames / expected)),
    tap_p50_ms: percentile(taps, 0.5), tap_p99_ms: percentile(taps, 0.99), taps: taps.length,
    heap_mib_start: start.heap, heap_mib_end: end.heap, heap_growth_mib: end.heap - start.heap, nodes_start: start.nodes, nodes_end: end.nodes,
  };
}

export default scenario({
  name: 'browser',
  help: 'the attendee page in Chromium on a slow CPU, in a busy room',
  options: {
    questions: { value: 500, text: 'questions in the room' },
    changes: { value: 50, text: 'changes per second: votes, and one question in five seconds' },
    members: { value: 200, text: 'people who make them' },
    throttle: { value: 4, text: 'how many times slower the CPU is' },
    minutes: { value: 10, text: 'how long it is measured' },
  },
  async run(rig, o) {
    deploy('install_packages "${packages_test[@]}"; build_web');
    await rig.servers({});
    const [room] = await rig.rooms(1, o.questions);
    const people = await People.start();
    rig.atEnd(() => people.stop());
    const { page, context } = await people.person('phone', { viewport: phone });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: o.throttle });
    await page.goto(`${rig.gateway.url}/s/${room!.code}`);
    await page.locator('article.question').first().waitFor();
    const [self] = await rig.system.postgres.query('SELECT id FROM participant WHERE room_id = $1 ORDER BY first_seen DESC LIMIT 1', [room!.id]);
    const commands = async () => Number((await rig.system.postgres.query('SELECT count(*) FROM command WHERE participant_id = $1', [self!.id]))[0]!.count);
    const taps: number[] = [];
    let start = await inUse(cdp), over = false, using: Promise<void> = Promise.resolve();
    await rig.load([room!], { members: o.members, votes: o.changes - 0.2, asks: 0.2, back: 50, warm: 5, seconds: o.minutes * 60, ramp: 2, settle: 30 },
      async (phase) => {
        if (phase === 'measure') {
          start = await inUse(cdp);
          await page.evaluate(watch);
          using = useIt(page, taps, () => over);
        }
        if (phase === 'settle') { over = true; await using; }
      }, commands);
    const end = await inUse(cdp), stats = await page.evaluate(() => (window as any).stats as Stats);
    await page.waitForTimeout(1000);
    const compared = await compareScreen(rig, room!, page);
    for (const complaint of people.complaints) rig.wrong(complaint);
    return { ...pageFigures(stats, taps, start, end), questions_compared: compared };
  },
});
