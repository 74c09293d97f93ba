// SPDX-License-Identifier: Apache-2.0
import { freePort, startChromium } from '@securemail/testing';
import type { Page } from 'playwright-core';
import { openMailboxWorld, type MailboxWorld } from './running-mailbox.ts';
import type { Walk } from '@securemail/testing/browser';

export const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

/** SecureMailBox with its pages, and a browser that can reach them. */
export interface PageWorld {
  world: MailboxWorld;
  browser: Awaited<ReturnType<typeof startChromium>>;
  origin: string;
  /** Ends the service, and starts it again at the same place. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openPageWorld(
  tenant: object = {},
  { look = {}, ...mailbox }: { look?: object; [setting: string]: unknown } = {},
): Promise<PageWorld> {
  const world = await openMailboxWorld();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const start = () =>
    world.start(
      { http: { host: 'localhost', port }, ...mailbox },
      { mailbox: { url: origin, look }, ...tenant },
    );
  let running = await start();
  const browser = await startChromium();
  return {
    world,
    browser,
    origin,
    async restart() {
      await running.close();
      running = await start();
    },
    async close() {
      await browser.close();
      await running.close();
      await world.close();
    },
  };
}

/** That axe finds nothing and nothing is too wide; and keeps a picture where it has a name. */
export async function isWell({ overflow, accessibilityFaults, shoot }: Walk, name?: string): Promise<void> {
  if (name !== undefined) await shoot(name);
  expect(await accessibilityFaults()).toEqual([]);
  expect(await overflow()).toBeLessThanOrEqual(0);
}

/** Follows the link of a notification, and proves the address by the code that is sent; leads to the message. */
export async function signInOn(page: Page, { world }: PageWorld, to: string, message: string): Promise<void> {
  const { mail } = await world.notified(await world.protectedFor([to], message));
  const before = (await world.codesTo(to, 0)).length;
  await page.goto(/http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '');
  await page.getByRole('button', { name: 'Send me the code' }).click();
  await page.getByRole('textbox').fill((await world.codesTo(to, before + 1)).at(-1) ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Write an answer' }).waitFor();
}
