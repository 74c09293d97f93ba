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
      contacts: {
        general: { name: 'Alt andet', address: 'post@demo.example' },
        vej: { name: 'Vej', address: 'vej@demo.example' },
      },
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

  it('says that the message is gone also to who attaches a file, and leaves him what he had', async () => {
    const { page, answer, kept, close } = await writing('attaching');
    await answer.fill('Kept');
    await kept();
    await takeBack(idOf(page));
    await answer.fill('Kept, and typed');
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
    await page.locator('input[type=file]').setInputFiles([file('a.txt'), file('b.txt')]);
    await gone(page);
    expect(await page.getByRole('textbox', { name: 'The answer that you had begun' }).inputValue()).toBe(
      'Kept, and typed',
    );
    expect(await page.getByRole('button', { name: 'Go on with it as a new message' }).count()).toBe(1);
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

  const hasFocus = async (element: Locator) =>
    (await element.and(element.page().locator(':focus')).count()) === 1;
  /** The same answer on another device. */
  const alsoOn = async (page: Page, size: keyof typeof SIZES) => {
    const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...SIZES[size] });
    await walk.page.context().addCookies(await page.context().cookies());
    await walk.page.goto(page.url());
    const answer = walk.page.getByRole('textbox', { name: 'Your answer' });
    await answer.waitFor();
    return { ...walk, answer, kept: () => walk.page.getByText('Kept.').waitFor() };
  };
  const attach = async (page: Page, name: string) => {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
    await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
  };
  const send = (page: Page) => page.getByRole('button', { name: 'Send the answer' }).press('Enter');
  const changed = (page: Page) =>
    page.getByRole('alert').filter({ hasText: 'changed on another page or device' }).waitFor();
  const isSent = (page: Page) => page.getByText('Your answer is sent.').waitFor();
  const there = (page: Page) => page.getByRole('textbox', { name: 'On the other page or device' });

  it.each(['here', 'there'])(
    'sends nothing from a page that is behind another one before its writer has chosen: what stands %s',
    async (which) => {
      const desktop = await writing(`behind-${which}`);
      await desktop.answer.fill('AAA');
      await desktop.kept();
      const phone = await alsoOn(desktop.page, 'phone');
      await phone.answer.fill('AAA, and an hour of work');
      await attach(phone.page, 'seen.txt');
      await phone.kept();
      const { page, answer } = desktop;
      await send(page);
      await changed(page);
      expect(await there(page).inputValue()).toBe('AAA, and an hour of work');
      expect(await answer.inputValue()).toBe('AAA');
      await page.getByRole('listitem').filter({ hasText: 'seen.txt (' }).waitFor();
      await isWell(desktop);
      // Once more, and it is no other.
      await send(page);
      await there(page).waitFor();
      await page.getByRole('button', { name: `Go on with what stands ${which}` }).press('Enter');
      await page.getByRole('button', { name: 'Remove seen.txt' }).waitFor();
      expect(await hasFocus(answer)).toBe(true);
      expect(await there(page).count()).toBe(0);
      const text = which === 'here' ? 'AAA' : 'AAA, and an hour of work';
      expect(await answer.inputValue()).toBe(text);
      await send(page);
      await isSent(page);
      await page.locator('.text').getByText(text, { exact: true }).waitFor();
      await page.getByRole('listitem').filter({ hasText: 'seen.txt (' }).first().waitFor();
      // The other one has its words yet, and is told what became of them.
      await send(phone.page);
      if (which === 'there') await isSent(phone.page);
      else await phone.page.getByRole('alert').filter({ hasText: 'sent elsewhere' }).waitFor();
      await phone.close();
      await desktop.close();
    },
  );

  it('sends no file that its page did not show, and what was typed there once that is known', async () => {
    const desktop = await writing('files');
    await desktop.answer.fill('With nothing');
    await desktop.kept();
    const phone = await alsoOn(desktop.page, 'phone');
    await attach(phone.page, 'slipped.txt');
    const { page } = desktop;
    await send(page);
    await changed(page);
    // The text is the same.
    await page.getByText('These files are attached to it now').waitFor();
    expect(await there(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Go on with what stands here' }).press('Enter');
    await page.getByRole('button', { name: 'Remove slipped.txt' }).press('Enter');
    await page.getByRole('button', { name: 'Remove slipped.txt' }).waitFor({ state: 'detached' });
    await page
      .getByRole('status')
      .filter({ hasText: 'slipped.txt is removed' })
      .waitFor({ state: 'attached' });
    await send(page);
    await isSent(page);
    expect(await page.getByText('slipped.txt').count()).toBe(0);
    await phone.close();
    await desktop.close();
  });

  it('lets who is told while he types that it was changed elsewhere go on with either, and send it', async () => {
    const desktop = await writing('typing');
    await desktop.answer.fill('One');
    await desktop.kept();
    const phone = await alsoOn(desktop.page, 'phone');
    await phone.answer.fill('Two');
    await phone.kept();
    const { page, answer } = desktop;
    await answer.fill('One, and more');
    await changed(page);
    expect(await there(page).inputValue()).toBe('Two');
    await page.getByRole('button', { name: 'Go on with what stands here' }).press('Enter');
    await desktop.kept();
    await page.reload();
    await answer.waitFor();
    expect(await answer.inputValue()).toBe('One, and more');
    await send(page);
    await isSent(page);
    await phone.close();
    await desktop.close();
  });

  it('does the same with letters: whom it is for, and about what, too', async () => {
    const before = await writing('letters');
    await before.page.goto(`${pages.origin}/mailbox/write`);
    const choose = async (page: Page, name: string) => {
      await page.getByRole('radio', { name }).check();
      await page.getByRole('button', { name: 'Continue' }).press('Enter');
    };
    const of = (page: Page) => ({
      subject: page.getByRole('textbox', { name: 'Subject' }),
      text: page.getByRole('textbox', { name: 'Your message' }),
      send: () => page.getByRole('button', { name: 'Send the message' }).press('Enter'),
    });
    await choose(before.page, 'Vej');
    const one = of(before.page);
    await before.page.route('**/letters/draft', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({
            status: 422,
            contentType: 'application/problem+json',
            body: '{"type":"/errors/invalid-request","errors":[{"path":"subject","message":""}]}',
          })
        : route.continue(),
    );
    // Two cells of a table.
    await one.subject.fill('Garage\t4711');
    expect(await one.subject.inputValue()).toBe('Garage 4711');
    await before.page.getByRole('alert').filter({ hasText: 'does not take the subject' }).waitFor();
    await before.page.unroute('**/letters/draft');
    await one.subject.fill('Garage');
    await one.text.fill('About my garage');
    await before.kept();
    const other = await before.page.context().newPage();
    await other.goto(`${pages.origin}/mailbox/write`);
    const two = of(other);
    await two.text.waitFor();
    await other.getByRole('button', { name: 'Choose another recipient' }).press('Enter');
    await choose(other, 'Alt andet');
    await two.subject.fill('Rent');
    await two.text.fill('About my rent');
    await other.getByText('Kept.').waitFor();
    await one.send();
    await changed(before.page);
    expect(await there(before.page).inputValue()).toBe('To: Alt andet\nSubject: Rent\n\nAbout my rent');
    await isWell(before);
    await before.page.getByRole('button', { name: 'Go on with what stands there' }).press('Enter');
    expect([await one.subject.inputValue(), await one.text.inputValue()]).toEqual(['Rent', 'About my rent']);
    await one.send();
    await before.page.getByRole('heading', { level: 1, name: 'Your message is sent' }).waitFor();
    await before.page.getByText('on its way to “Alt andet”').waitFor();
    await before.close();
  });

  it('cuts off nothing that is pasted, says that it is too long, and sends it once it is shorter', async () => {
    const walk = await writing('pasting');
    const { page, answer, kept } = walk;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const paste = async (text: string) => {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await answer.focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('ControlOrMeta+V');
    };
    const tooLong = page.getByText('This is too long: 80,000 characters at most.');
    const END = 'please answer by Friday';
    await paste(`${'a'.repeat(90_000)} ${END}`);
    await tooLong.waitFor();
    await page.getByText('90,024 of 80,000 characters').waitFor();
    await page.getByRole('alert').filter({ hasText: 'longer than what can be kept and sent' }).waitFor();
    expect((await answer.inputValue()).endsWith(END)).toBe(true);
    expect(await answer.getAttribute('aria-invalid')).toBe('true');
    await isWell(walk);
    await send(page);
    expect(await hasFocus(answer)).toBe(true);
    await sleep(3_000);
    expect(await page.getByText('Kept.').count()).toBe(0);
    await paste(`${'a'.repeat(79_000)} ${END}`);
    await kept();
    await page.getByText('79,024 of 80,000 characters').waitFor();
    expect(await tooLong.count()).toBe(0);
    await answer.fill(END);
    expect(await page.getByText('of 80,000 characters').count()).toBe(0);
    await page.goto(`${pages.origin}/mailbox/write`);
    await page.getByRole('radio', { name: 'Vej' }).check();
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    const subject = page.getByRole('textbox', { name: 'Subject' });
    await subject.fill('x'.repeat(201));
    await page.getByText('This is too long: 200 characters at most.').first().waitFor();
    await page.getByRole('textbox', { name: 'Your message' }).fill('text');
    await page.getByRole('button', { name: 'Send the message' }).press('Enter');
    await isWell(walk);
    await subject.fill('x'.repeat(200));
    await page.getByText('200 of 200 characters').waitFor();
    await page.getByRole('button', { name: 'Send the message' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your message is sent' }).waitFor();
    await walk.close();
  });

  it.each(Object.entries(SIZES))(
    'shows who sends an answer that it is sent, with the focus there, in the window of a %s',
    async (_, size) => {
      const walk = await startWalk(pages.browser, pages.origin, { locale: 'en', ...size });
      const { page } = walk;
      await signInOn(page, pages, `window-${size.width}@citizen.example`, MAIL);
      for (const text of ['The first', 'The second']) {
        await page.getByRole('button', { name: 'Write an answer' }).press('Enter');
        await page.getByRole('textbox', { name: 'Your answer' }).fill(text);
        await send(page);
        await page.locator('.text').getByText(text, { exact: true }).waitFor();
        const heading = page.getByRole('heading', { level: 2, name: 'Answer', exact: true });
        expect(await hasFocus(heading)).toBe(true);
        for (const seen of [heading, page.getByText('Your answer is sent.')]) {
          const box = (await seen.boundingBox())!;
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.y + box.height).toBeLessThanOrEqual(size.height);
        }
      }
      await walk.close();
    },
  );

  it('says that a file is still going up for as long as it is', async () => {
    const { page, close } = await writing('going-up');
    let goOn = () => {};
    const isLetGo = new Promise<void>((resolve) => (goOn = resolve));
    await page.route('**/draft/files**', async (route) => {
      await isLetGo;
      await route.continue();
    });
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'slow.txt', mimeType: 'text/plain', buffer: Buffer.from('slow') });
    await page.getByRole('button', { name: 'Stop slow.txt' }).waitFor();
    await send(page);
    const wait = page.getByRole('alert').filter({ hasText: 'Not all files are attached yet' });
    await wait.waitFor();
    goOn();
    await page.getByRole('button', { name: 'Remove slow.txt' }).waitFor();
    await wait.waitFor({ state: 'detached' });
    await send(page);
    await isSent(page);
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
