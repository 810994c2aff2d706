import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { provisioning } from '#libs/platform/testing';
import { walkByTab } from './console-keyboard.js';
import { platform } from './platform-under-test.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  impact: string | null;
  nodes: { target: string[]; failureSummary?: string }[];
}

const allRules = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] };
const colours = { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast'] } };

/** Drawn in the new look, and past every change of colour that leads there; what turns for ever is not waited for. */
const settled = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.all(document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity).map((each) => each.finished.catch(() => undefined))))
  .then(() => undefined)`;

/** How a page is looked at: on a desk in the light, and on a phone in the dark. */
const looks = [
  { width: 1_280, height: 800, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
] as const;

/** A person at a browser. What goes wrong in it is remembered, and is a failure of whoever does not expect it. */
export class Visitor {
  private readonly troubles: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.troubles.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(`console: ${message.text()}`);
    });
    page.on('response', (answer) => {
      if (answer.status() >= 400) this.troubles.push(`${answer.status()} ${answer.request().method()} ${new URL(answer.url()).pathname}`);
    });
    page.on('requestfailed', (request) => {
      // A page that is left takes its questions with it.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.troubles.push(`failed: ${request.method()} ${new URL(request.url()).pathname}`);
    });
  }

  static async enter(browser: Browser): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: looks[0].width, height: looks[0].height }, colorScheme: 'light', reducedMotion: 'reduce' });
    return new Visitor(context, await context.newPage());
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${platform.url}/console${path}`);
  }

  async logIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel('Email').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  /** What went wrong since the last question. */
  takeTroubles(): string[] {
    return this.troubles.splice(0);
  }

  /**
   * Looks at the page as it is, in each look: what axe finds serious, what is wider than the screen, and what Tab does not
   * reach or does not show, is trouble. On the desk the page is what it is on the phone, in other colours, and with a menu
   * beside it: there axe looks at the colours, and once at `everything`.
   */
  async inspect(name: string, everything = false): Promise<void> {
    // The pages are the same in both topologies.
    if (platform.topology !== 'all-in-one') return;
    for (const { width, height, colorScheme } of looks) {
      const isPhone = width < 500;
      await this.page.setViewportSize({ width, height });
      await this.page.emulateMedia({ colorScheme });
      await this.page.evaluate(settled);
      if (!(await this.page.evaluate<boolean>('window.axe !== undefined'))) await this.page.evaluate(axeSource);
      const sideways = await this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      const { violations: found } = await this.page.evaluate<{ violations: Finding[] }>(`window.axe.run(${JSON.stringify(isPhone || everything ? allRules : colours)})`);
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 4).join(', ')}`);
      if (serious.length > 0) this.troubles.push(`${name}, ${colorScheme}, ${width} px: ${serious.join('; ')}`);
      if (isPhone) this.troubles.push(...(await walkByTab(this.page)).map((trouble) => `${name}, ${width} px: ${trouble}`));
      if (sideways > 0) this.troubles.push(`${name}, ${width} px: ${sideways} px too wide`);
    }
    await this.page.setViewportSize({ width: looks[0].width, height: looks[0].height });
    await this.page.emulateMedia({ colorScheme: 'light' });
  }
}

/** This machine by a name of its own: what comes from there by plain HTTP is no secure context, as this host itself is. */
export const hostByName = 'rollcall.test';

export async function startBrowser(): Promise<Browser> {
  const { command } = await (await provisioning()).provision('chromium');
  return chromium.launch({ executablePath: command, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', `--host-resolver-rules=MAP ${hostByName} 127.0.0.1`] });
}
