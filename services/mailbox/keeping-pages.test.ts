// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailId } from '@securemail/contracts';
import { chromiumIsThere, missing } from '@securemail/testing';
import type { Locator, Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, signInOn, SIZES, type PageWorld } from './testing/page-world.ts';
import { API_KEYS } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld({
      contacts: { general: { name: 'Alt andet', address: 'post@demo.example' } },
    });
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

  /** By who sent it, over the API. */
  const takeBack = async (messageId: string) => {
    const { rows } = await pages.world.pool.query<{ id: string }>(
      'select email_id as id from messages where message_id = $1',
      [messageId],
    );
    const { status } = await fetch(`${pages.origin}/v1/emails/${rows[0]!.id}/withdraw`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${API_KEYS[0]!.key}`,
        'Content-Type': 'application/json',
      },
      body: '{}',
    });
    expect(status).toBe(200);
  };
  const idOf = (page: Page) => /messages\/([\w-]+)/.exec(page.url())![1]!;
  const gone = (page: Page) => page.getByRole('heading', { level: 1, name: 'The message is gone' }).waitFor();

  it('leaves an answer to its writer whose message is taken back meanwhile, and lets him go on with it', async () => {
    const walk = await writing('taken');
    const { page, answer, kept, close, faults } = walk;
    const address = page.url();
    await answer.fill('Kept before');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'bilag.txt', mimeType: 'text/plain', buffer: Buffer.from('attached') });
    await page.getByRole('button', { name: 'Remove bilag.txt' }).waitFor();
    await kept();
    await takeBack(idOf(page));
    const left = page.getByRole('textbox', { name: 'The answer that you had begun' });
    const isLeft = async (text: string) => {
      await gone(page);
      expect(await left.inputValue()).toBe(text);
      await page.getByText('bilag.txt').waitFor();
    };
    // Typed after that, and sent.
    await answer.fill('Typed last');
    await page.getByRole('button', { name: 'Send the answer' }).press('Enter');
    await isLeft('Typed last');
    await isWell(walk);
    // Who comes back finds it.
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    await page.getByRole('link', { name: 'An answer that you had begun' }).press('Enter');
    await isLeft('Typed last');
    await page.goto(address);
    await isLeft('Typed last');
    await page.getByRole('button', { name: 'Go on with it as a new message' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Write to Demo Kommune' }).waitFor();
    await page.getByRole('radio', { name: 'Alt andet' }).check();
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    const text = page.getByRole('textbox', { name: 'Your message' });
    expect(await text.inputValue()).toBe('Typed last');
    await page.getByText('bilag.txt (').waitFor();
    await page.getByRole('button', { name: 'Send the message' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your message is sent' }).waitFor();
    await page.goto(address);
    await gone(page);
    expect(await left.count()).toBe(0);
    expect(faults.filter((fault) => !/ 410 /.test(fault))).toEqual([]);
    await close();
  });

  it('leaves it to him also where he saves, or closes, the message; and says so who follows the link later', async () => {
    const { page, answer, kept, close } = await writing('saving');
    const left = page.getByRole('textbox', { name: 'The answer that you had begun' });
    const { rows } = await pages.world.pool.query<{ id: EmailId }>(
      'select email_id as id from messages where message_id = $1',
      [idOf(page)],
    );
    const { link } = await pages.world.notified(rows[0]!.id);
    await answer.fill('Kept');
    await kept();
    await answer.fill('Kept, and typed');
    await takeBack(idOf(page));
    await page.getByRole('link', { name: 'Save the whole message' }).press('Enter');
    await gone(page);
    expect(await left.inputValue()).toBe('Kept, and typed');
    await page.goto(`${pages.origin}/mailbox/m/${link}`);
    await gone(page);
    await page.getByText('If you had begun an answer').waitFor();
    await page.getByRole('link', { name: 'Sign in by your mail address' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Messages from Demo Kommune' }).waitFor();
    await close();

    const other = await writing('closing-it');
    await other.answer.fill('Not for me, but');
    await other.page.getByRole('button', { name: 'This is not for me' }).press('Enter');
    await other.page.getByRole('button', { name: 'Close the message for good' }).press('Enter');
    await other.page.getByRole('heading', { level: 1, name: 'The message is closed' }).waitFor();
    const words = other.page.getByRole('textbox', { name: 'The answer that you had begun' });
    expect(await words.inputValue()).toBe('Not for me, but');
    await other.close();
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
