// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, missing } from '@securemail/testing';
import { startWalk } from '@securemail/testing/browser';
import { MAIL } from './testing/mails.ts';
import { openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld({
      contacts: { general: { name: 'Alt andet', address: 'post@demo.example' } },
    });
  });
  afterAll(() => pages.close());

  it('who goes through the languages by the keyboard stays at their list, and on his page, on every page', async () => {
    const { page, faults, close } = await startWalk(pages.browser, pages.origin, {
      locale: 'de',
      ...SIZES.desktop,
    });
    await page.goto(`${pages.origin}/mailbox/o/demo`);
    const { mail } = await pages.world.notified(
      await pages.world.protectedFor(['kim@citizen.example'], MAIL),
    );
    const link = /\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '';
    const list = page.getByRole('combobox');
    const goesThrough = async (path: string) => {
      await page.goto(pages.origin + path);
      const heading = page.getByRole('heading', { level: 1 });
      await heading.waitFor();
      // What comes later is told by its heading, which takes the focus.
      await page.waitForLoadState('networkidle');
      await list.focus();
      await page.keyboard.press('End');
      await page.locator('html[lang=de]').waitFor();
      for (const [key, language] of [
        ['Home', 'en'],
        ['ArrowDown', 'da'],
        ['ArrowDown', 'de'],
        ['ArrowUp', 'da'],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator(`html[lang=${language}]`).waitFor();
        // The words of the page have come, too.
        await page.waitForTimeout(300);
        expect([
          path,
          await list.inputValue(),
          (await list.and(page.locator(':focus')).count()) === 1,
        ]).toEqual([path, language, true]);
      }
      expect(new URL(page.url()).pathname).toBe(path);
      return await heading.innerText();
    };
    await goesThrough(link);
    expect(await goesThrough('/mailbox/o/demo')).toBe('Beskeder fra Demo Kommune');
    expect(await goesThrough('/mailbox/o/demo/write')).toBe('Skriv til Demo Kommune');
    await goesThrough('/mailbox/not-signed-in');
    await goesThrough(`/mailbox/back/${'a'.repeat(43)}`);
    await page.evaluate(`document.cookie = '__Host-securemail-language=en; Path=/; Secure'`);
    await signInOn(page, pages, 'bo@citizen.example', MAIL);
    const message = new URL(page.url()).pathname;
    expect(await goesThrough('/mailbox/messages')).toBe('Dine beskeder');
    for (const path of [message, '/mailbox/sessions', '/mailbox/write']) await goesThrough(path);
    expect(faults.filter((fault) => !/ 40[14] /.test(fault))).toEqual([]);
    await close();
  });
} else missing('Chromium', 'apt-get install chromium');
