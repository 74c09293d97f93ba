// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { chromiumIsThere, missing } from '@securemail/testing';
import type { Locator, Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk } from '@securemail/testing/browser';

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld();
  });
  afterEach(() => pages.world.pool.query('delete from sign_ins'));
  afterAll(() => pages.close());

  /** Somebody of his own, who has begun to write an answer. */
  async function writing(of: string) {
    const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.desktop });
    await signInOn(walk.page, pages, `${of}@citizen.example`, MAIL);
    await walk.page.getByRole('button', { name: 'Write an answer' }).press('Enter');
    return {
      ...walk,
      answer: walk.page.getByRole('textbox', { name: 'Your answer' }),
      kept: () => walk.page.getByText('Kept.').waitFor(),
      warning: walk.page.getByRole('alert').filter({ hasText: 'not kept yet' }),
    };
  }

  it('warns for as long as what was typed is not kept, also who types on, and no longer', async () => {
    const { page, answer, kept, warning, close } = await writing('warned');
    await answer.fill('above ground');
    await kept();
    await page.context().setOffline(true);
    await answer.pressSequentially(' and in');
    await warning.waitFor();
    // Longer than it takes until another version of it is due.
    for (let word = 0; word < 12; word += 1) {
      await answer.pressSequentially(' a');
      expect(await warning.count()).toBe(1);
      await sleep(600);
    }
    await sleep(4_000);
    expect(await warning.count()).toBe(1);
    await answer.pressSequentially(' tunnel');
    await page.context().setOffline(false);
    await kept();
    expect(await warning.count()).toBe(0);
    const typed = await answer.inputValue();
    await page.reload();
    await answer.waitFor();
    expect(await answer.inputValue()).toBe(typed);
    await close();
  });

  it('goes on keeping what the connection was away for, also once its form is left', async () => {
    const { page, answer, kept, warning, close } = await writing('left');
    await page.route('**/draft', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await answer.fill('typed, and left');
    await warning.waitFor();
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your messages' }).waitFor();
    await page.goBack();
    await answer.waitFor();
    expect(await answer.inputValue()).toBe('typed, and left');
    await page.unroute('**/draft');
    await kept();
    await close();
  });

  /** More than a browser sends for a page that goes away. */
  const LONG = 'ø'.repeat(40_000);
  const isAllThere = async (answer: Locator, page: Page) => {
    await page.reload();
    await answer.waitFor();
    expect((await answer.inputValue()).length).toBe(LONG.length);
  };

  it('keeps a long text that was pasted just before its page is left, or its writer signs out', async () => {
    const { page, answer, close } = await writing('long');
    const address = page.url();
    await answer.fill(LONG);
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your messages' }).waitFor();
    await page.goBack();
    await answer.waitFor();
    await isAllThere(answer, page);
    await answer.fill('');
    await page.getByText('Kept.').waitFor();
    await answer.fill(LONG);
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor();
    await signInOn(page, pages, 'long@citizen.example', MAIL.replaceAll('4711', '4712'));
    await page.goto(address);
    await isAllThere(answer, page);
    await close();
  });

  it('asks whoever closes a page before what is kept nowhere is lost, and nobody else', async () => {
    const { page, answer, kept, warning, close } = await writing('closing');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    const closes = async () => {
      await page.close({ runBeforeUnload: true });
      await sleep(1_500);
    };
    await answer.fill(LONG);
    await closes();
    expect(asked).toEqual(['beforeunload']);
    // Whoever stays has it kept by then.
    await kept();
    await page.context().setOffline(true);
    await answer.fill('typed in a tunnel');
    await warning.waitFor();
    await closes();
    expect(asked).toHaveLength(2);
    await page.context().setOffline(false);
    await kept();
    await closes();
    expect([asked.length, page.isClosed()]).toEqual([2, true]);
    await close();
  });

  it('signs nobody out before what he typed is kept, unless he wants it all the same', async () => {
    const walk = await writing('out');
    const { page, answer } = walk;
    const out = page.getByRole('button', { name: 'Sign out' });
    await page.route('**/draft', (route) => route.abort());
    await answer.fill('typed, and left behind');
    await out.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'leaves it behind' }).waitFor();
    await isWell(walk);
    await out.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'You are signed out' }).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
