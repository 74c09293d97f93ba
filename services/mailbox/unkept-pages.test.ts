// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, freePort, missing, startChromium } from '@securemail/testing';
import { startWalk, type Walk } from '@securemail/testing/browser';
import { openIdProvider } from '@securemail/testing/openid';
import type { Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { CALLBACK } from './testing/openid-browser.ts';
import { isWell, SIZES } from './testing/page-world.ts';
import { BO, openMailboxWorld, type MailboxWorld } from './testing/running-mailbox.ts';

const FIRST = 'First words. ';
const ALL = 'First words. Second words, typed after the end.';

if (chromiumIsThere()) {
  let world: MailboxWorld;
  let provider: Awaited<ReturnType<typeof openIdProvider>>;
  let running: { close(): Promise<void> };
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  let origin: string;
  let walk: Walk;
  let page: Page;

  beforeAll(async () => {
    world = await openMailboxWorld();
    const port = await freePort();
    origin = `http://localhost:${port}`;
    provider = await openIdProvider(`${origin}${CALLBACK}`);
    provider.say({ email: BO, email_verified: true });
    const openIdConnect = {
      name: 'DemoID',
      issuer: provider.issuer,
      clientId: 'securemail',
      clientSecret: 'a-secret-of-the-client',
    };
    const demands = { sensitivity: { private: 'openid-connect' } };
    running = await world.start(
      { http: { host: 'localhost', port } },
      { mailbox: { url: origin, openIdConnect, demands } },
    );
    chromium = await startChromium();
  });
  beforeEach(async () => {
    walk = await startWalk(chromium, origin, { locale: 'en', ...SIZES.phone });
    ({ page } = walk);
  });
  afterEach(() => walk.close());
  afterAll(async () => {
    await chromium.close();
    await running.close();
    await provider.close();
    await world.close();
  });

  const notKept = (on: Page) => on.getByRole('textbox', { name: 'What you wrote and is not kept yet' });
  const answer = (on: Page) => on.getByRole('textbox', { name: 'Your answer' });
  const atProvider = (on: Page) => on.getByRole('button', { name: 'Sign in with DemoID' });
  async function linkTo(mail: string): Promise<string> {
    const { link } = await world.notified(await world.protectedFor([BO], mail));
    return `${origin}/mailbox/m/${link}`;
  }
  async function signInByCode(on: Page, link: string) {
    const before = (await world.codesTo(BO, 0)).length;
    await on.goto(link);
    await on.getByRole('button', { name: 'Send me the code' }).press('Enter');
    await on.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
    await on.keyboard.press('Enter');
  }
  /** Somebody whose session ends while he writes. @returns where he did. */
  async function writeBeyondTheEnd(): Promise<string> {
    await page.getByRole('button', { name: 'Write an answer' }).press('Enter');
    await answer(page).fill(FIRST);
    await page.getByText('Kept.').waitFor();
    await world.pool.query('delete from sessions');
    await answer(page).fill(ALL);
    await page.getByRole('heading', { level: 1, name: 'You are not signed in' }).waitFor();
    expect(await notKept(page).inputValue()).toBe(ALL);
    return page.url();
  }
  /** By the keyboard, in the tab that is said to open. */
  async function throughOtherTab(): Promise<Page> {
    await atProvider(page).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'DemoID opens in another tab' }).waitFor();
    expect(await walk.focused()).toBe('Open DemoID in another tab');
    await isWell(walk);
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
    return tab;
  }

  it('who signs in at a provider after the end of a session loses nothing of what he wrote', async () => {
    await signInByCode(page, await linkTo(MAIL));
    const path = await writeBeyondTheEnd();
    await page.getByRole('link', { name: 'Sign in by your mail address' }).press('Enter');
    await atProvider(page).waitFor();
    expect(await notKept(page).inputValue()).toBe(ALL);
    await isWell(walk, 'unkept-address-phone-en');
    const tab = await throughOtherTab();
    await tab.waitForURL(`${origin}/mailbox/messages`);
    await notKept(page).waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
    await tab.goto(path);
    await answer(tab).waitFor();
    expect(await answer(tab).inputValue()).toBe(ALL);
  });

  it('nor who has to prove more before what he wrote is taken', async () => {
    const mail = MAIL.replace('case-1@', 'private-1@').replace(
      'MIME-Version',
      'Sensitivity: Private\r\nMIME-Version',
    );
    const link = await linkTo(mail);
    await page.goto(link);
    await atProvider(page).press('Enter');
    await writeBeyondTheEnd();
    const other = await page.context().newPage();
    await signInByCode(other, link);
    for (const each of [other, page])
      await each.getByRole('heading', { level: 1, name: 'A protected message' }).waitFor();
    expect(await notKept(page).inputValue()).toBe(ALL);
    await isWell(walk, 'unkept-demanded-phone-en');
    const tab = await throughOtherTab();
    await tab.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    await answer(page).waitFor();
    expect(await answer(page).inputValue()).toBe(ALL);
    await tab.reload();
    await answer(tab).waitFor();
    expect(await answer(tab).inputValue()).toBe(ALL);
  });
} else missing('Chromium', 'apt-get install chromium');
