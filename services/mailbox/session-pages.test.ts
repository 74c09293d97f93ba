// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { chromiumIsThere, missing } from '@securemail/testing';
import type { Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk, type Walk } from '@securemail/testing/browser';

/** Until a session that nobody uses ends. Seconds. */
const IDLE = 12;

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld({}, { sessionIdleMinutes: IDLE / 60 });
  });
  afterEach(() => pages.world.pool.query('delete from sign_ins'));
  afterAll(() => pages.close());

  const titled = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  /** Somebody who reads a message as text. */
  async function reading(of: string): Promise<Walk & { address: string }> {
    const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.phone });
    const address = `${of}@citizen.example`;
    await signInOn(walk.page, pages, address, MAIL);
    await walk.page.getByRole('button', { name: 'Show as plain text' }).press('Enter');
    await walk.page.getByText('Kære Bo, her er afgørelsen.').waitFor();
    return { ...walk, address };
  }
  const answering = async (page: Page) => {
    await page.getByRole('button', { name: 'Write an answer' }).press('Enter');
    return page.getByRole('textbox', { name: 'Your answer' });
  };
  /** How often what was kept last was kept. */
  const keptLast = async () => {
    const { rows } = await pages.world.pool.query<{ version: number }>(
      'select version from drafts where not is_ending order by changed_at desc',
    );
    return rows[0]?.version;
  };
  const isTakenOut = async (page: Page) => {
    const shown = await page.content();
    for (const loaded of ['Kære Bo', 'Afgørelse', 'evil.html', 'anna@demo.example'])
      expect(shown).not.toContain(loaded);
  };

  it('signs out in all tabs of the browser, and takes out of them what was loaded', async () => {
    const walk = await reading('tabs');
    const { page } = walk;
    const other = await page.context().newPage();
    await other.goto(`${pages.origin}/mailbox/messages`);
    // Its heading takes the focus once it is there.
    await other.waitForLoadState('networkidle');
    await other.getByRole('button', { name: 'Sign out' }).press('Enter');
    await titled(other, 'You are signed out');
    await titled(page, 'You are signed out');
    await isTakenOut(page);
    await walk.close();
  });

  it('goes on while somebody is there, ends by itself, keeps what is written, and leads back to the message', async () => {
    const walk = await reading('idle');
    const { page, address } = walk;
    const path = page.url();
    const answer = await answering(page);
    await answer.fill('kept before');
    await page.getByText('Kept.').waitFor();
    // Nothing is asked for meanwhile but by what its reader does.
    for (let second = 0; second < IDLE + 4; second += 1) {
      await page.mouse.move(100 + second, 100);
      await page.keyboard.press('PageDown');
      await sleep(1_000);
    }
    await page.getByText('Kære Bo, her er afgørelsen.').waitFor();
    await page.route('**/draft', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await answer.fill('kept nowhere');
    await titled(page, 'You are not signed in');
    await isTakenOut(page);
    expect(await page.getByRole('textbox').inputValue()).toBe('kept nowhere');
    await isWell(walk, 'session-over-phone-en');
    await page.unroute('**/draft');
    await signInAgain(page, address);
    await answer.waitFor();
    expect(page.url()).toBe(path);
    expect(await answer.inputValue()).toBe('kept nowhere');
    expect(await keptLast()).toBe(2);
    await walk.close();
  });

  it.each([
    ['en', 'you are signed out at', 'Stay signed in', 'You stay signed in.'],
    ['da', 'bliver du logget ud kl.', 'Forbliv logget ind', 'Du er stadig logget ind.'],
    ['de', 'Uhr abgemeldet', 'Angemeldet bleiben', 'Sie bleiben angemeldet.'],
  ])(
    'is told of before it ends, heard and seen, and goes on by one button (%s)',
    async (locale, text, stay, stayed) => {
      const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES.phone, width: 320 });
      const { page } = walk;
      await signInOn(page, pages, `warned-${locale}@citizen.example`, MAIL);
      await page.getByRole('combobox').selectOption(locale);
      const alert = page.getByRole('alert').filter({ hasText: text });
      await alert.waitFor({ timeout: IDLE * 1_000 });
      const focused = await walk.focused();
      expect(focused).not.toBe(stay);
      expect(await page.title()).not.toMatch(/^(Kære|Afgørelse)/);
      await isWell(walk, `session-ends-phone-${locale}`);
      const { rows } = await pages.world.pool.query<{ left: number }>(
        `select extract(epoch from max(used_at) + interval '${IDLE} seconds' - now())::int as left from sessions`,
      );
      expect(rows[0]!.left).toBeLessThanOrEqual(IDLE / 2);
      await page.getByRole('button', { name: stay }).press('Enter');
      await alert.waitFor({ state: 'detached' });
      await page.getByRole('status').filter({ hasText: stayed }).waitFor({ state: 'attached' });
      expect(await page.evaluate('document.activeElement.tagName')).not.toBe('BODY');
      expect(await page.title()).toMatch(/^Afgørelse/);
      // And again, once nothing is done.
      await alert.waitFor({ timeout: IDLE * 1_000 });
      // At its set end, whatever is done.
      await pages.world.pool.query(
        `update sessions set ends_at = now() + interval '5 seconds', used_at = now()`,
      );
      await page.evaluate(`dispatchEvent(new Event('pageshow'))`);
      await page.getByRole('button', { name: stay }).waitFor({ state: 'detached' });
      await alert.waitFor();
      await walk.close();
    },
  );

  /** In this tab, from the page that says that nobody is. */
  const signInAgain = async (page: Page, address: string) => {
    const before = (await pages.world.codesTo(address, 0)).length;
    await page.getByRole('link', { name: 'Sign in by your mail address' }).press('Enter');
    await page.getByRole('textbox', { name: 'Your mail address' }).fill(address);
    await page.keyboard.press('Enter');
    await page
      .getByRole('textbox', { name: 'Code of six digits' })
      .fill((await pages.world.codesTo(address, before + 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
  };
  const endSession = async (page: Page) => {
    await pages.world.pool.query('delete from sessions');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await titled(page, 'You are not signed in');
  };

  it('leaves who signs in again here what the server does not take from him as it stands', async () => {
    const walk = await reading('refused');
    const { page, address } = walk;
    const answer = await answering(page);
    const long = 'å'.repeat(80_001);
    await answer.fill(long);
    await page.getByRole('alert').filter({ hasText: 'Leave this page open until' }).waitFor();
    await endSession(page);
    await signInAgain(page, address);
    await answer.waitFor();
    expect((await answer.inputValue()).length).toBe(long.length);
    await page.getByRole('alert').filter({ hasText: 'Leave this page open until' }).waitFor();

    await answer.fill('first');
    await page.getByText('Kept.').waitFor();
    await pages.world.pool.query('update drafts set version = version + 1, writer = null');
    await answer.fill('behind another device');
    await page.getByRole('alert').filter({ hasText: 'changed on another page' }).waitFor();
    await endSession(page);
    await signInAgain(page, address);
    await answer.waitFor();
    expect(await answer.inputValue()).toBe('behind another device');
    await page.getByRole('button', { name: 'Go on with what stands here' }).press('Enter');
    await page.getByText('Kept.').waitFor();

    await page.route('**/draft', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await answer.fill('thrown away elsewhere');
    await endSession(page);
    await pages.world.pool.query('delete from drafts');
    await page.unroute('**/draft');
    await signInAgain(page, address);
    await page.getByText('was thrown away or sent elsewhere').waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe('thrown away elsewhere');
    await isWell(walk);
    await walk.close();
  });

  it('shows nothing of it to another person who signs in here', async () => {
    const walk = await reading('before');
    const { page } = walk;
    await (await answering(page)).fill(`mine alone ${'å'.repeat(80_001)}`);
    await page.getByRole('alert').filter({ hasText: 'Leave this page open until' }).waitFor();
    const other = await page.context().newPage();
    await signInOn(other, pages, 'after@citizen.example', MAIL);
    await other.close();
    await titled(page, 'Somebody else is signed in now');
    expect(await page.getByRole('textbox').inputValue()).toContain('mine alone');
    await signInAgain(page, 'after@citizen.example');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.waitForTimeout(1_000);
    await endSession(page);
    expect(await page.getByText('mine alone').count()).toBe(0);
    expect(await page.getByRole('textbox').count()).toBe(0);
    await walk.close();
  });

  it('is noticed to have ended elsewhere once its page is looked at again', async () => {
    const walk = await reading('elsewhere');
    const { page } = walk;
    await pages.world.pool.query('delete from sessions');
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    await titled(page, 'You are not signed in');
    await isTakenOut(page);
    await walk.close();
  });

  it.each(['Save the text as PDF', 'Save the whole message (.eml)', 'evil.html'])(
    'says so where it has ended before somebody presses “%s”, and where that can not be had now',
    async (name) => {
      const walk = await reading(`saving${name.length}`);
      const { page } = walk;
      const saved = page.getByRole('link', { name });
      // What the service answers while its database is away.
      await page.route('**/messages/*/**', (route) =>
        route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }),
      );
      await saved.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'See whether you are online' }).waitFor();
      await page.unroute('**/messages/*/**');
      const [download] = await Promise.all([page.waitForEvent('download'), saved.press('Enter')]);
      expect(await download.failure()).toBeNull();
      await pages.world.pool.query('delete from sessions');
      await saved.press('Enter');
      await titled(page, 'You are not signed in');
      await isTakenOut(page);
      await walk.close();
    },
  );

  it('shows no page of the browser in the frame of a message that can not be had now', async () => {
    const walk = await reading('framed');
    const { page } = walk;
    const formatted = page.getByRole('button', { name: 'Show with its formatting' });
    await page.route('**/body', (route) => route.fulfill({ status: 503, body: '' }));
    await formatted.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'See whether you are online' }).waitFor();
    expect(await page.locator('iframe').count()).toBe(0);
    await isWell(walk);
    await page.unroute('**/body');
    await page.getByRole('button', { name: 'Try again' }).press('Enter');
    await page.frameLocator('iframe').getByText('Kære Bo').waitFor();
    await page.getByRole('button', { name: 'Show as plain text' }).press('Enter');
    await pages.world.pool.query('delete from sessions');
    await formatted.press('Enter');
    await titled(page, 'You are not signed in');
    await isTakenOut(page);
    await walk.close();
  });

  it('tells a writer that somebody else is signed in now, leaves him his words, and goes on once he is back', async () => {
    const walk = await reading('first');
    const { page, address } = walk;
    const answer = await answering(page);
    await page.route('**/draft', (route) =>
      route.request().method() === 'PUT' && route.request().postData() !== '{}'
        ? route.abort()
        : route.continue(),
    );
    await answer.fill('words of the first');
    const other = await page.context().newPage();
    await signInOn(other, pages, 'second@citizen.example', MAIL);
    await page.unroute('**/draft');
    await titled(page, 'Somebody else is signed in now');
    await isTakenOut(page);
    expect(await page.getByRole('textbox').inputValue()).toBe('words of the first');
    await isWell(walk, 'other-person-phone-en');
    await signInOn(other, pages, address, MAIL);
    await answer.waitFor();
    expect(await answer.inputValue()).toBe('words of the first');
    expect(await keptLast()).toBe(1);
    await walk.close();
  });

  it('leads back from where somebody signs in again once he has done so in another tab', async () => {
    const walk = await reading('elsewhere');
    const { page, address } = walk;
    const path = page.url();
    await titled(page, 'You are not signed in');
    await page.getByRole('link', { name: 'Sign in by your mail address' }).press('Enter');
    await titled(page, 'Messages from Demo Kommune');
    const other = await page.context().newPage();
    await signInOn(other, pages, address, MAIL);
    await page.waitForURL(path);
    await titled(page, 'Afgørelse i din sag');
    await walk.close();
  });

  it('says so, and not that it can not be reached, to a writer who sends while somebody else is signed in', async () => {
    const walk = await reading('sender');
    const { page } = walk;
    const answer = await answering(page);
    await answer.fill('kept');
    await page.getByText('Kept.').waitFor();
    const other = await page.context().newPage();
    // A tab that hears nothing of the others.
    await other.addInitScript('delete globalThis.BroadcastChannel');
    await signInOn(other, pages, 'third@citizen.example', MAIL);
    await answer.fill('kept, and sent');
    await page.getByRole('button', { name: 'Send the answer' }).press('Enter');
    await titled(page, 'Somebody else is signed in now');
    expect(await page.getByRole('textbox').inputValue()).toBe('kept, and sent');
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
