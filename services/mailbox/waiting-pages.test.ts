// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, missing } from '@securemail/testing';
import { startWalk } from '@securemail/testing/browser';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO } from './testing/running-mailbox.ts';

const NEW = 'new@citizen.example';
const CONTACTS = {
  general: { name: 'Alt andet', address: 'post@demo.example' },
  byg: { name: 'Byggesager', group: 'Bolig', address: 'byg@demo.example' },
};

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld({ contacts: CONTACTS });
  });
  afterEach(() => pages.world.pool.query('delete from sign_ins'));
  afterAll(() => pages.close());

  describe('who comes back from his mail program with a code', () => {
    it('types it where the link leads, loaded anew or opened once more', async () => {
      const { world, browser, origin } = pages;
      const { link } = await world.notified(await world.protectedFor([BO], MAIL));
      const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
      await walk.page.goto(`${origin}/mailbox/m/${link}`);
      await walk.page.getByRole('button', { name: 'Send me the code' }).press('Enter');
      await walk.page.getByRole('textbox', { name: 'Code of six digits' }).waitFor();
      await walk.page.reload();
      await walk.page.getByRole('heading', { name: 'Type the code' }).waitFor();
      await walk.page.getByText('The newest code counts until').waitFor();
      await isWell(walk, 'code-again-phone-en');
      // What else is offered there stays within reach.
      await walk.page.getByRole('button', { name: 'Back' }).press('Enter');
      await walk.page.getByRole('button', { name: 'Send me the code' }).waitFor();
      const again = await walk.page.context().newPage();
      await walk.page.close();
      await again.goto(`${origin}/mailbox/m/${link}`);
      await again
        .getByRole('textbox', { name: 'Code of six digits' })
        .fill((await world.codesTo(BO, 1)).at(-1) ?? '');
      await again.keyboard.press('Enter');
      await again.getByRole('button', { name: 'Write an answer' }).waitFor();
      expect(await world.codesTo(BO, 1)).toHaveLength(1);
      await walk.close();
    });

    it('types it at the page of the organisation, or goes back to the address, which he sees where he typed it', async () => {
      const { world, browser, origin } = pages;
      const before = (await world.codesTo(BO, 0)).length;
      const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
      const { page } = walk;
      const type = async (address: string) => {
        await page.getByRole('textbox', { name: 'Your mail address' }).fill(address);
        await page.getByRole('button', { name: 'Send me a code', exact: true }).press('Enter');
        await page.getByText('It goes to:').filter({ hasText: address }).waitFor();
      };
      await page.goto(`${origin}/mailbox/o/demo`);
      await type('bo@citizen.exampel');
      await isWell(walk, 'code-address-phone-en');
      await page.getByRole('button', { name: 'Write another address' }).press('Enter');
      await type(BO);
      await page.reload();
      await page.getByText('The newest code counts until').waitFor();
      expect(await page.getByText(BO).count()).toBe(0);
      await page.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your messages' }).waitFor();
      await walk.close();
    });

    it('types it where he writes first, and whom he chose is not lost', async () => {
      const { world, browser, origin } = pages;
      const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
      const { page } = walk;
      await page.goto(`${origin}/mailbox/o/demo/write`);
      await page.getByRole('radio', { name: 'Byggesager' }).check();
      await page.getByRole('button', { name: 'Continue' }).press('Enter');
      await page.getByRole('heading', { name: 'Write to Byggesager' }).waitFor();
      await page.reload();
      await page.getByRole('textbox', { name: 'Your mail address' }).fill(NEW);
      await page.getByRole('button', { name: 'Send me a code', exact: true }).press('Enter');
      await page.getByText('It goes to:').filter({ hasText: NEW }).waitFor();
      await page.reload();
      await page
        .getByRole('textbox', { name: 'Code of six digits' })
        .fill((await world.codesTo(NEW, 1))[0] ?? '');
      await page.keyboard.press('Enter');
      await page.getByText(`You write as ${NEW}`).waitFor();
      await page.getByText('To: Byggesager').waitFor();
      await walk.close();
    });
  });

  it('who lets his browser keep no cookies is told that they are needed', async () => {
    const { world, browser, origin } = pages;
    const { link } = await world.notified(await world.protectedFor([BO], MAIL));
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    // As Chromium has it where all cookies are blocked.
    await walk.page.addInitScript(`
      const refuse = { get() { throw new DOMException('Access is denied', 'SecurityError'); } };
      Object.defineProperty(window, 'sessionStorage', refuse);
      Object.defineProperty(window, 'localStorage', refuse);
      Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });
    `);
    await walk.page.goto(`${origin}/mailbox/m/${link}`);
    await walk.page.getByRole('alert').filter({ hasText: 'SecureMailBox needs cookies' }).waitFor();
    await walk.page.getByRole('heading', { name: 'A secure message from Demo Kommune' }).waitFor();
    await isWell(walk, 'no-cookies-phone-en');
    await walk.close();
  });

  describe('what was begun', () => {
    it('is come back to by who writes first and was signed out, as the page says', async () => {
      const { world, browser, origin } = pages;
      const address = 'writer@citizen.example';
      const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
      const { page } = walk;
      await page.goto(`${origin}/mailbox/o/demo/write?contact=byg`);
      await page.getByRole('textbox', { name: 'Your mail address' }).fill(address);
      await page.getByRole('button', { name: 'Send me a code', exact: true }).press('Enter');
      await page
        .getByRole('textbox', { name: 'Code of six digits' })
        .fill((await world.codesTo(address, 1))[0] ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Your message' }).fill('About my garage');
      await page.getByText('Kept.').waitFor();
      await world.pool.query(`update sessions set used_at = now() - interval '1 hour'`);
      await page.reload();
      await page.getByText('What was kept of your message waits for a day').waitFor();
      await isWell(walk);
      await page.getByRole('link', { name: 'Sign in by your mail address' }).press('Enter');
      await page.getByRole('textbox', { name: 'Your mail address' }).fill(address);
      await page.getByRole('button', { name: 'Send me a code', exact: true }).press('Enter');
      await page
        .getByRole('textbox', { name: 'Code of six digits' })
        .fill((await world.codesTo(address, 2)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      const text = page.getByRole('textbox', { name: 'Your message' });
      await text.waitFor();
      expect(await text.inputValue()).toBe('About my garage');
      await page.goto(`${origin}/mailbox/messages`);
      await page.getByRole('link', { name: 'Go on with the message that you had begun' }).press('Enter');
      await text.waitFor();
      await walk.close();
    });

    it('is found in its conversation once the organisation has written again', async () => {
      const { world, browser, origin } = pages;
      const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
      const { page } = walk;
      await signInOn(page, pages, BO, MAIL.replace('case-1@', 'begun-1@'));
      await page.getByRole('button', { name: 'Write an answer' }).press('Enter');
      await page.getByRole('textbox', { name: 'Your answer' }).fill('Half of it');
      await page.getByText('Kept.').waitFor();
      const more = MAIL.replace('case-1@', 'begun-2@').replace(
        'MIME-Version',
        'In-Reply-To: <begun-1@demo.example>\r\nMIME-Version',
      );
      await world.deposits(await world.protectedFor([BO], more));
      await page.goto(`${origin}/mailbox/messages`);
      const goOn = page.getByRole('link', { name: 'Go on with the answer that you had begun' });
      await goOn.waitFor();
      await isWell(walk, 'answer-begun-phone-en');
      await page.getByRole('heading', { level: 2 }).getByRole('link').first().press('Enter');
      await page.getByText('The message above').waitFor();
      await goOn.waitFor();
      expect(await page.getByRole('button', { name: 'Write an answer' }).count()).toBe(0);
      await isWell(walk);
      await goOn.press('Enter');
      const text = page.getByRole('textbox', { name: 'Your answer' });
      await text.waitFor();
      expect(await text.inputValue()).toBe('Half of it');
      await walk.close();
    });
  });
} else missing('Chromium', 'apt-get install chromium');
