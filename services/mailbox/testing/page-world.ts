// SPDX-License-Identifier: Apache-2.0
import { freePort, startChromium } from '@securemail/testing';
import { openMailboxWorld, type MailboxWorld } from './running-mailbox.ts';
import type { Walk } from './walk.ts';

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
