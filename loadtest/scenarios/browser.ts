// The attendee page on a slow phone, in a room where much goes on: Chromium with a throttled CPU, and a person who scrolls,
// changes the list, votes and takes it back, while others vote and ask. What counts is what this person would feel: every
// touch is an input event of the browser, timed from when it was made. What the page shows at the end must be what the
// tables hold.
import { People, phone, type CDPSession, type Page } from '../../tests/lib/browser';
import { until } from '../../tests/lib/procs';
import { deploy } from '../lib/deploy';
import { cpuFigures } from '../lib/load';
import { pinSelf } from '../lib/pin';
import type { Rig, Room } from '../lib/rig';
import { scenario, type Figure, type Figures } from '../lib/scenario';

const windows = { popular: 100, newest: 60 }; // of each list so many are kept current on the page, and can be compared
const tailSeconds = 15; // the others go on a little longer: nothing of the page's person may be left when they compare
const ofAct = 500; // ms after an act in which a long task counts as its doing

type Act = 'scroll' | 'vote' | 'sort' | 'apply';
interface Watched { tasks: { at: number; ms: number }[]; acts: { at: number; what: Act }[]; taps: number[]; frames: number; now: number }
interface InUse { heap: number; nodes: number }

// ---- these run in the page ----

function watch(): void {
  const watched: Watched = { tasks: [], acts: [], taps: [], frames: 0, now: 0 };
  (window as any).watched = watched;
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map((e) => ({ at: e.startTime, ms: e.duration }))))
    .observe({ type: 'longtask', buffered: true });
  const frame = () => {
    watched.frames++;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener('click', (event) => {
    const button = (event.target as Element).closest('button.vote');
    if (!button) return;
    new MutationObserver((_, observer) => {
      observer.disconnect();
      watched.taps.push(performance.now() - event.timeStamp);
    }).observe(button, { attributeFilter: ['aria-pressed'] });
  }, { capture: true });
}

/** Where a finger would go: the middle of the first one that is on the screen and not under something else. */
function spot({ selector, what }: { selector: string; what: Act }): { x: number; y: number } | null {
  for (const element of document.querySelectorAll(selector)) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const x = (left + right) / 2, y = (top + bottom) / 2;
    if (document.elementFromPoint(x, y)?.closest(selector) !== element) continue;
    (window as any).watched.acts.push({ at: performance.now(), what });
    return { x, y };
  }
  return null;
}

const cards = (list: Element[]) => list.map((card) => [card.querySelector('.question-text')!.textContent,
  Number(card.querySelector('.votes [aria-hidden=true]:not(svg)')!.textContent!.replace(/\D/g, ''))]);

// ---- the person ----

/** On all cores: the threads of the browser beside the page's own, which a slow CPU has too, must not wait for it. */
async function startBrowser(rig: Rig): Promise<People> {
  if (rig.cores) pinSelf(`${rig.cores.servers},${rig.cores.clients}`);
  const people = await People.start();
  if (rig.cores) pinSelf(rig.cores.clients);
  rig.atEnd(() => people.stop());
  return people;
}

class Person {
  /** who it is in the tables; as long as nobody else votes: anybody */
  private self: string | null = null;
  constructor(readonly page: Page, private readonly cdp: CDPSession, private readonly rig: Rig, private readonly room: Room) {}

  static async open(rig: Rig, people: People, room: Room, throttle: number): Promise<Person> {
    const { page, context } = await people.person('phone', { viewport: phone });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.addInitScript(watch);
    await page.goto(`${rig.gateway.url}/s/${room.code}`);
    await page.locator('article.question').first().waitFor();
    const person = new Person(page, cdp, rig, room);
    await person.press(true);
    [{ participant_id: person.self }] = await rig.system.postgres.query('SELECT participant_id FROM vote WHERE room_id = $1', [room.id]) as [Record<string, any>];
    await person.press(false);
    return person;
  }
  async rows(table: 'vote' | 'command'): Promise<number> {
    const [counted] = await this.rig.system.postgres.query(
      `/* loadtest */ SELECT count(*) AS n FROM ${table} WHERE room_id = $1 AND participant_id = coalesce($2, participant_id)`, [this.room.id, this.self]);
    return Number(counted!.n);
  }
  look(): Promise<Watched> {
    return this.page.evaluate(() => ({ ...(window as any).watched, now: performance.now() }));
  }
  /** false: there is no such thing on the screen */
  private async touch(what: Act, selector: string): Promise<boolean> {
    const at = await this.page.evaluate(spot, { selector, what });
    if (at) await this.page.mouse.click(at.x, at.y);
    return at !== null;
  }
  private async scroll(by: number, steps: number): Promise<void> {
    await this.page.evaluate(() => (window as any).watched.acts.push({ at: performance.now(), what: 'scroll' }));
    for (let i = 0; i < steps; i++) {
      await this.page.mouse.wheel(0, by);
      await this.page.waitForTimeout(30);
    }
    await this.still();
  }
  /** Nobody aims at what moves. */
  private async still(): Promise<void> {
    let before = NaN;
    await until('the page has stopped scrolling', async () => {
      await this.page.waitForTimeout(100);
      const last = before;
      return (before = await this.page.evaluate(() => scrollY)) === last;
    });
  }
  private async press(pressed: boolean): Promise<void> {
    if (!await this.touch('vote', `.question-list button.vote[aria-pressed=${!pressed}]`)) throw new Error(`no question to vote for (${pressed})`);
    await until('the vote of the page is what the table has', async () => await this.rows('vote') === Number(pressed), 10_000);
  }
  async vote(): Promise<void> {
    await this.press(true);
    await this.page.waitForTimeout(700);
    await this.press(false);
    await this.page.waitForTimeout(700);
  }
  /** From the top, in the right order. */
  async list(name: keyof typeof windows): Promise<void> {
    await this.scroll(-100_000, 1);
    await this.page.waitForTimeout(500);
    if (!await this.touch('sort', `#questions-${name}`)) throw new Error(`no tab ${name}`);
    await this.page.waitForTimeout(500);
    await this.touch('apply', 'button.chip');
    await this.page.waitForTimeout(500);
  }
  /** Until told to stop: down the list with a vote now and then, a look at the newest, back. */
  async use(over: () => boolean): Promise<void> {
    while (!over()) {
      for (let i = 0; i < 3 && !over(); i++) {
        await this.scroll(90, 8);
        await this.vote();
        await this.touch('apply', 'button.chip');
        await this.page.waitForTimeout(1000);
      }
      await this.list('newest');
      await this.scroll(90, 12);
      await this.page.waitForTimeout(1500);
      await this.list('popular');
    }
  }
  /** After the garbage is gone. */
  async inUse(): Promise<InUse> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((m) => m.name === name)!.value;
    return { heap: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes') };
  }
}

/** What is shown, in its order, against the table. */
async function compareScreen(rig: Rig, room: Room, person: Person): Promise<number> {
  let compared = 0;
  for (const [name, order] of [['newest', 'id DESC'], ['popular', 'votes DESC, id']] as const) {
    await person.list(name);
    const rows = await rig.system.postgres.query<{ text: string; votes: number }>(
      `SELECT text, votes FROM question WHERE room_id = $1 AND state = 'live' ORDER BY ${order} LIMIT ${windows[name]}`, [room.id]);
    const shown = await person.page.$$eval('.question-list article.question', cards);
    const at = rows.findIndex(({ text, votes }, i) => shown[i]?.[0] !== text || shown[i]?.[1] !== votes);
    if (at >= 0) rig.wrong(`${name}, place ${at + 1} of ${rows.length}: the page shows ${JSON.stringify(shown[at])}, the table has ${JSON.stringify(rows[at])}`);
    compared += rows.length;
  }
  if (compared === 0) rig.wrong('there is no question: this compared nothing');
  if (await person.page.locator('button.vote[aria-pressed=true]').count()) rig.wrong('the page shows a vote that was taken back');
  return compared;
}

// ---- figures ----

const percentile = (list: number[], p: number) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))] ?? null;
const most = (tasks: { ms: number }[]) => Math.max(0, ...tasks.map(({ ms }) => ms));
const droppedPercent = (from: Watched, to: Watched) => Math.max(0, 100 * (1 - (to.frames - from.frames) / ((to.now - from.now) * 0.06)));

/** The longest task of each kind of act, and of the frames that come in between. */
function longestByAct({ tasks, acts }: Watched, from: number): Figure {
  const longest: Record<Act | 'between', number> = { scroll: 0, vote: 0, sort: 0, apply: 0, between: 0 };
  for (const { at, ms } of tasks.filter((task) => task.at >= from)) {
    const act = acts.filter((a) => a.at <= at + ms && at - a.at < ofAct).at(-1)?.what ?? 'between';
    longest[act] = Math.max(longest[act], ms);
  }
  return longest;
}

function pageFigures(from: Watched, to: Watched, start: InUse, end: InUse): Figures {
  const tasks = to.tasks.filter(({ at }) => at >= from.now && at < to.now), taps = to.taps.slice(from.taps.length);
  return {
    longest_task_ms: most(tasks), long_tasks: tasks.length, long_tasks_above_200_ms: tasks.filter(({ ms }) => ms > 200).length,
    frames_dropped_percent: droppedPercent(from, to), tap_p50_ms: percentile(taps, 0.5), tap_p99_ms: percentile(taps, 0.99),
    heap_mib_start: start.heap, heap_mib_end: end.heap, heap_growth_mib: end.heap - start.heap, nodes_start: start.nodes, nodes_end: end.nodes,
    taps: taps.length, longest_task_by_act_ms: longestByAct(to, from.now), longest_task_loading_ms: most(to.tasks.filter(({ at }) => at < from.now)),
  };
}

export default scenario({
  name: 'browser',
  help: 'the attendee page in Chromium on a slow CPU, in a busy room',
  options: {
    questions: { value: 500, text: 'questions in the room' },
    changes: { value: 50, text: 'changes per second: votes, and the questions' },
    asks: { value: 2, text: 'questions per second among them' },
    members: { value: 200, text: 'people who make them' },
    throttle: { value: 4, text: 'how many times slower the CPU is' },
    minutes: { value: 10, text: 'how long it is measured' },
  },
  async run(rig, o) {
    deploy('install_packages "${packages_test[@]}"; build_web');
    await rig.servers({});
    const [room] = await rig.rooms(1, o.questions);
    const people = await startBrowser(rig);
    const person = await Person.open(rig, people, room!, o.throttle);
    const commandsBefore = await person.rows('command');
    const seen: { from?: Watched; to?: Watched; start?: InUse; end?: InUse } = {};
    const measure = async () => {
      await person.list('popular');
      seen.start = await person.inUse();
      seen.from = await person.look();
      const end = Date.now() + o.minutes * 60_000;
      await person.use(() => Date.now() >= end);
      seen.to = await person.look();
      seen.end = await person.inUse();
    };
    const load = await rig.load([room!], { members: o.members, votes: Math.max(0, o.changes - o.asks), asks: o.asks, warm: 5,
      seconds: o.minutes * 60 + tailSeconds, ramp: 2, settle: 30 },
    (phase) => (phase === 'measure' ? measure() : undefined), async () => await person.rows('command') - commandsBefore);
    if (!seen.end) throw new Error('the page was not measured to the end');
    const compared = await compareScreen(rig, room!, person);
    for (const complaint of people.complaints) rig.wrong(complaint);
    return { ...pageFigures(seen.from!, seen.to!, seen.start!, seen.end), changes_per_s: load.report.acks_per_s!, questions_compared: compared, ...cpuFigures(load) };
  },
});
