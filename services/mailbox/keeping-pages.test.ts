// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { chromiumIsThere, missing } from '@securemail/testing';
import { MAIL } from './testing/mails.ts';
import { openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk } from './testing/walk.ts';

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
} else missing('Chromium', 'apt-get install chromium');
