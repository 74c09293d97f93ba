// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, missing } from '@securemail/testing';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk } from '@securemail/testing/browser';

const LINES = Array.from({ length: 200 }, (_, index) => `<p>Paragraph ${index + 1}</p>`).join('\r\n');
const LONG = `From: anna@demo.example\r\nTo: bo@citizen.example\r\nSubject: Long\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${LINES}\r\n`;

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld();
  });
  afterAll(() => pages.close());

  it('who has a keyboard alone reads a formatted message to its end', async () => {
    const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    await signInOn(page, pages, 'keys@citizen.example', LONG);
    const frame = page.frameLocator('iframe');
    const last = frame.getByText('Paragraph 200', { exact: true });
    await last.waitFor();
    const focusedOn = () => page.evaluate<string>('document.activeElement.tagName');
    await page.getByRole('heading', { level: 1 }).focus();
    for (let presses = 0; (await focusedOn()) !== 'IFRAME'; presses += 1) {
      expect(presses).toBeLessThan(25);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('End');
    const isSeen = async () => {
      const [seen, box] = [await page.locator('iframe').boundingBox(), await last.boundingBox()];
      return seen !== null && box !== null && box.y < seen.y + seen.height;
    };
    while (!(await isSeen())) await page.waitForTimeout(50);
    await walk.close();
  });

  it.each([
    ['as the mail says', 'Content-Language: de\r\n', 'de'],
    ['as the organisation speaks, where it does not', '', 'en'],
  ])(
    'a formatted message has its subject for a title, and a language: %s',
    async (_what, header, language) => {
      const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.desktop });
      const { page } = walk;
      const mail = LONG.replace('Subject: Long', 'Subject: A <b> & "c"').replace('MIME', `${header}MIME`);
      await signInOn(page, pages, `frame-${language}@citizen.example`, mail);
      await page.frameLocator('iframe').getByText('Paragraph 1', { exact: true }).waitFor();
      const body = await page.locator('iframe').getAttribute('src');
      const html = await (await page.request.get(`${pages.origin}${body}`)).text();
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain('<title>A &lt;b&gt; &amp; &quot;c&quot;</title>');
      await isWell(walk);
      await walk.close();
    },
  );

  it('who prints a formatted message gets all of its words', async () => {
    const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.desktop });
    const { page } = walk;
    await signInOn(page, pages, 'paper@citizen.example', LONG);
    await page.frameLocator('iframe').getByText('Paragraph 1', { exact: true }).waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.getByText('Paragraph 200').waitFor();
    expect(await page.locator('iframe').isVisible()).toBe(false);
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
