// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page, and all that went wrong on it. */
export interface Walk {
  page: Page;
  /** Errors on the console, among them what the policies kept from happening, and requests to anywhere else. */
  faults: string[];
  /** What axe finds against WCAG 2.2 AA. */
  accessibilityFaults: () => Promise<string[]>;
  /** Keeps a picture of it for the docs, where `SCREENSHOTS` names a folder. */
  shoot: (name: string) => Promise<void>;
  /** Pixels by which it is wider than the window. */
  overflow: () => Promise<number>;
  /**
   * Scrolls beneath the frame of a mail, and lets the browser draw: a frame of another process is hit, for the moment
   * after scrolling, where it was before, which only a program is fast enough to do.
   */
  beneathFrame: () => Promise<void>;
  /** The text of what has the focus. */
  focused: () => Promise<string>;
  close: () => Promise<void>;
}

export async function startWalk(
  browser: Browser,
  origin: string,
  options: { locale: string; width: number; height: number },
): Promise<Walk> {
  const { locale, width, height } = options;
  const context = await browser.newContext({ locale, viewport: { width, height } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`request to ${url}`);
  });
  return {
    page,
    faults,
    async accessibilityFaults() {
      const ofPage = await faultsOf(page, [...WCAG, 'best-practice']);
      const inFrames: string[] = [];
      for (const frame of page.frames().slice(1)) {
        // No script runs in there, so that nothing can look at it in its place.
        const copy = await context.newPage();
        await copy.setContent(await frame.content());
        inFrames.push(...(await faultsOf(copy, WCAG)).map((fault) => `in a frame: ${fault}`));
        await copy.close();
      }
      return [...ofPage, ...inFrames];
    },
    async shoot(name) {
      const folder = process.env['SCREENSHOTS'];
      if (folder !== undefined)
        await page.screenshot({
          path: join(folder, `${name}.jpg`),
          fullPage: true,
          type: 'jpeg',
          quality: 70,
        });
    },
    overflow: () =>
      page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    async beneathFrame() {
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      for (let frames = 0; frames < 30; frames += 1)
        await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
    },
    focused: () =>
      page.evaluate<string>(
        'document.activeElement === document.body ? "" : (document.activeElement?.textContent ?? "")',
      ),
    close: () => context.close(),
  };
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function faultsOf(page: Page, tags: readonly string[]): Promise<string[]> {
  // Through the debugger: the policy of the page lets no such script in.
  await page.evaluate(AXE);
  return await page.evaluate(async (runOnly) => {
    const axe = (globalThis as unknown as { axe: Axe }).axe;
    const { violations } = await axe.run({ runOnly });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, tags);
}

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
