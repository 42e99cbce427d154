// People in Chromium: each has a profile of their own (cookies, language, colours, screen), an eye for errors of the page,
// and a camera. Screenshots go to tests/out/, where a person can look at them.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { outDir } from './procs';

export type { CDPSession, Page } from 'playwright-core';

export const phone = { width: 390, height: 844 }, small = { width: 320, height: 640 };
export const desk = { width: 1440, height: 900 }, projector = { width: 1920, height: 1080 }, oldProjector = { width: 1024, height: 768 };

export interface Look { viewport?: { width: number; height: number }; locale?: string; colorScheme?: 'light' | 'dark' }

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export class Person {
  /** What the page complained of: uncaught errors, console errors, violations of the content security policy. */
  readonly complaints: string[] = [];
  constructor(readonly name: string, readonly context: BrowserContext, readonly page: Page) {
    this.watch(page);
  }
  private watch(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(`${this.name}: ${error.message}`));
    page.on('console', (message) => {
      // The network is cut on purpose in some tests, and 401 and 404 are answers like others.
      if (message.type() === 'error' && !/net::ERR|WebSocket connection|status of 4/.test(message.text())) this.complaints.push(`${this.name}: ${message.text()}`);
    });
  }
  async secondTab(): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page);
    return page;
  }
  async shot(file: string, page = this.page): Promise<void> {
    mkdirSync(join(outDir, 'screens'), { recursive: true });
    await page.screenshot({ path: join(outDir, 'screens', `${file}.png`) });
  }
  /** Serious findings of axe on the page as it is, each in a line. */
  async axe(page = this.page): Promise<string[]> {
    // Through the debugger, not as a script of the page: the page's policy allows none but its own.
    await page.evaluate((await import('node:fs')).readFileSync(axeSource, 'utf8'));
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } };
      return (await axe.run()).violations;
    });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`));
  }
  close(): Promise<void> {
    return this.context.close();
  }
}

export class People {
  readonly all: Person[] = [];
  private constructor(private readonly browser: Browser) {}
  static async start(): Promise<People> {
    return new People(await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args }));
  }
  async person(name: string, look: Look = {}): Promise<Person> {
    const context = await this.browser.newContext({ viewport: phone, locale: 'en', colorScheme: 'light', reducedMotion: 'reduce', ...look });
    context.setDefaultTimeout(15_000);
    const person = new Person(name, context, await context.newPage());
    this.all.push(person);
    return person;
  }
  get complaints(): string[] {
    return this.all.flatMap(({ complaints }) => complaints);
  }
  async stop(): Promise<void> {
    await this.browser.close();
  }
}
