// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { chromiumIsThere, missing } from '@securemail/testing';
import { BO, KIM, type MailboxWorld } from './testing/running-mailbox.ts';
import type { Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk } from '@securemail/testing/browser';

const WORDS = {
  en: {
    title: 'A secure message from Demo Kommune',
    send: 'Send me the code',
    code: 'Code of six digits',
    go: 'Continue',
    wrong: 'That is not the code. You have 4 more tries.',
    all: 'All messages',
    list: 'Your messages',
    text: 'Show as plain text',
    save: 'Save the whole message (.eml)',
    out: 'Sign out',
    isOut: 'You are signed out',
    frame: 'The message',
    section: 'Answer',
    begin: 'Write an answer',
    answer: 'Your answer',
    files: 'Attach files',
    kept: 'Kept.',
    reply: 'Send the answer',
    sent: 'Your answer is sent.',
    conversation: 'In this conversation',
  },
  da: {
    title: 'En sikker besked fra Demo Kommune',
    send: 'Send mig koden',
    code: 'Kode på seks cifre',
    go: 'Fortsæt',
    wrong: 'Det er ikke koden. Du har 4 forsøg til.',
    all: 'Alle beskeder',
    list: 'Dine beskeder',
    text: 'Vis som ren tekst',
    save: 'Gem hele beskeden (.eml)',
    out: 'Log ud',
    isOut: 'Du er logget ud',
    frame: 'Beskeden',
    section: 'Svar',
    begin: 'Skriv et svar',
    answer: 'Dit svar',
    files: 'Vedhæft filer',
    kept: 'Gemt.',
    reply: 'Send svaret',
    sent: 'Dit svar er sendt.',
    conversation: 'I denne samtale',
  },
  de: {
    title: 'Eine sichere Nachricht von Demo Kommune',
    send: 'Code senden',
    code: 'Sechsstelliger Code',
    go: 'Weiter',
    wrong: 'Das ist nicht der Code. Sie haben noch 4 Versuche.',
    all: 'Alle Nachrichten',
    list: 'Ihre Nachrichten',
    text: 'Als reinen Text anzeigen',
    save: 'Ganze Nachricht speichern (.eml)',
    out: 'Abmelden',
    isOut: 'Sie sind abgemeldet',
    frame: 'Die Nachricht',
    section: 'Antworten',
    begin: 'Eine Antwort schreiben',
    answer: 'Ihre Antwort',
    files: 'Dateien anhängen',
    kept: 'Gespeichert.',
    reply: 'Antwort senden',
    sent: 'Ihre Antwort ist gesendet.',
    conversation: 'In dieser Unterhaltung',
  },
};

if (chromiumIsThere()) {
  let pages: PageWorld;
  let world: MailboxWorld;
  let browser: PageWorld['browser'];
  let origin: string;
  beforeAll(async () => {
    pages = await openPageWorld();
    ({ world, browser, origin } = pages);
  });
  afterEach(() => world.pool.query('delete from sign_ins'));
  afterAll(() => pages.close());

  const notified = async (to: string = BO, message = MAIL) => {
    const { mail } = await world.notified(await world.protectedFor([to], message));
    return /http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '';
  };
  const codes = (count: number) => world.codesTo(BO, count);
  const signIn = async (page: Page, link: string) => {
    const before = (await codes(0)).length;
    await page.goto(link);
    await page.getByRole('button', { name: WORDS.en.send }).click();
    await page.getByRole('textbox').fill((await codes(before + 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
  };
  /** By the keyboard: see `beneathFrame`. */
  const press = (on: Page, name: string) => on.getByRole('button', { name }).press('Enter');

  describe.each(Object.entries(WORDS))('in the language %s', (language, words) => {
    it.each(Object.entries(SIZES))('who has a link reads, saves, and leaves, on a %s', async (kind, size) => {
      const walk = await startWalk(browser, origin, { locale: language, ...size });
      const { page, faults, focused, beneathFrame } = walk;
      const named = (name: string) =>
        kind === 'phone' || language === 'en' ? `${name}-${kind}-${language}` : undefined;
      const before = (await codes(0)).length;
      await page.goto(await notified());
      await page.getByRole('heading', { level: 1, name: words.title }).waitFor();
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      await isWell(walk, named('link'));
      expect(await codes(0)).toHaveLength(before);
      await page.getByRole('button', { name: words.send }).click();
      const code = (await codes(before + 1)).at(-1) ?? '';
      const field = page.getByRole('textbox', { name: words.code });
      await isWell(walk, named('code'));
      await field.fill(code === '000000' ? '000001' : '000000');
      await page.getByRole('button', { name: words.go }).click();
      await page.getByRole('alert').filter({ hasText: words.wrong }).waitFor();
      await isWell(walk, named('wrong-code'));
      await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
      await page.getByRole('button', { name: words.go }).click();
      await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
      const frame = page.frameLocator(`iframe[title="${words.frame}"]`);
      await frame.getByText('Kære Bo').waitFor();
      // Where a link leads is seen without a pointer that hovers, and heard.
      await frame.getByRole('link', { name: 'sagen [demo.example]' }).waitFor();
      expect(await frame.getByRole('img', { name: 'Våben' }).getAttribute('src')).toMatch(/^data:image\/png/);
      await isWell(walk, named('message'));
      await beneathFrame();
      await page.getByRole('button', { name: words.text }).click();
      await page.getByText('Kære Bo, her er afgørelsen.').waitFor();
      const saved = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('link', { name }).click(),
        ]);
        return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
      };
      expect(await saved('evil.html')).toEqual(['evil.html', '<script>alert(2)</script>']);
      expect(await saved(words.save)).toEqual(['Afgørelse i din sag.eml', MAIL]);
      await page.getByRole('button', { name: words.begin }).click();
      const answer = page.getByRole('textbox', { name: words.answer });
      await answer.fill('Kære Anna,\ntak. Hvornår?');
      await page.getByText(words.kept).waitFor();
      // What was typed outlives the page.
      await page.reload();
      await frame.getByText('Kære Bo').waitFor();
      await answer.waitFor();
      expect(await answer.inputValue()).toBe('Kære Anna,\ntak. Hvornår?');
      await page.getByLabel(words.files).setInputFiles([
        { name: 'måling.txt', mimeType: 'text/plain', buffer: Buffer.from('38,5') },
        { name: 'x.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') },
      ]);
      await page.getByRole('alert').filter({ hasText: 'x.exe' }).waitFor();
      await page.getByText('måling.txt').first().waitFor();
      await isWell(walk, named('answer'));
      await beneathFrame();
      await page.getByRole('button', { name: words.reply }).click();
      await page.getByRole('status').filter({ hasText: words.sent }).waitFor();
      expect(await focused()).toBe(words.section);
      await page.getByRole('heading', { level: 2, name: words.conversation }).waitFor();
      await isWell(walk, named('answered'));
      await page.getByRole('link', { name: words.all }).click();
      await page.getByRole('heading', { level: 1, name: words.list }).waitFor();
      await page.getByRole('link', { name: 'Afgørelse i din sag' }).first().waitFor();
      await isWell(walk, named('messages'));
      await page.getByRole('button', { name: words.out }).click();
      await page.getByRole('heading', { level: 1, name: words.isOut }).waitFor();
      await isWell(walk, named('signed-out'));
      // A code that was wrong is a request that was refused, which browsers note.
      expect(faults.filter((fault) => !/status of 422/.test(fault))).toEqual([]);
      await walk.close();
    });
  });

  it('goes by the keyboard alone, and each page says where it begins', async () => {
    const { page, focused, close } = await startWalk(browser, origin, { locale: 'en', ...SIZES.desktop });
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await focused()).includes(name)) return;
      }
      throw new Error(`no way to ${name}`);
    };
    const before = (await codes(0)).length;
    await page.goto(await notified());
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await focused()).toBe(WORDS.en.title);
    await tabTo(WORDS.en.send);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Type the code' }).waitFor();
    expect(await focused()).toBe('Type the code');
    await page.keyboard.press('Tab');
    await page.keyboard.type((await codes(before + 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    expect(await focused()).toBe('Afgørelse i din sag');
    await tabTo(WORDS.en.all);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: WORDS.en.list }).waitFor();
    expect(await focused()).toBe(WORDS.en.list);
    await close();
  });

  it('shows where its reader is signed in, and ends it there', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const lost = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    await world.pool.query('delete from sessions');
    for (const { page } of [lost, walk]) {
      await signIn(page, await notified());
      await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    }
    const { page } = walk;
    await page.getByRole('link', { name: 'Where you are signed in' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Where you are signed in' }).waitFor();
    await page.getByText('In this browser').waitFor();
    await isWell(walk, 'sessions-phone-en');
    await page.getByRole('button', { name: 'Sign out there' }).click();
    await page.getByRole('button', { name: 'Sign out there' }).waitFor({ state: 'detached' });
    await lost.page.reload();
    await lost.page.getByRole('heading', { level: 1, name: 'You are not signed in' }).waitFor();
    await Promise.all([walk.close(), lost.close()]);
  });

  it('takes a double click for one, loses nothing by the way back, and says so where the browser is offline', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.desktop });
    const { page, focused } = walk;
    await signIn(page, await notified());
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    await walk.beneathFrame();
    await page.getByRole('button', { name: 'This is not for me' }).dblclick();
    await page.getByRole('button', { name: 'Close the message for good' }).waitFor();
    await page.getByRole('button', { name: 'Keep it open' }).click();
    expect(await focused()).toBe('This is not for me');
    await page.getByRole('link', { name: WORDS.en.all }).press('Enter');
    await page.getByRole('heading', { level: 1, name: WORDS.en.list }).waitFor();
    await page.getByRole('link', { name: 'Afgørelse i din sag' }).first().click();
    await press(page, WORDS.en.begin);
    const answer = page.getByRole('textbox', { name: WORDS.en.answer });
    await answer.pressSequentially('typed without a pause');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: WORDS.en.list }).waitFor();
    await page.goForward();
    await answer.waitFor();
    expect(await answer.inputValue()).toBe('typed without a pause');
    await page.context().setOffline(true);
    await answer.fill('typed in a tunnel');
    await page.getByRole('alert').filter({ hasText: 'not kept yet' }).waitFor();
    await page.context().setOffline(false);
    await page.getByText(WORDS.en.kept).waitFor();
    await answer.fill('typed, and signed out');
    await press(page, WORDS.en.out);
    await page.getByRole('heading', { level: 1, name: WORDS.en.isOut }).waitFor();
    const [draft] = (
      await world.pool.query<{ version: number }>(
        'select version from drafts where not is_ending order by changed_at desc',
      )
    ).rows;
    expect(draft?.version).toBeGreaterThanOrEqual(3);
    await walk.close();
  });

  it('closes what is not for its reader, once he has said so twice', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const link = await notified();
    await signIn(page, link);
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    await walk.beneathFrame();
    await page.getByRole('button', { name: 'This is not for me' }).click();
    await isWell(walk, 'decline-phone-en');
    await page.getByRole('button', { name: 'Keep it open' }).click();
    await page.getByRole('button', { name: 'This is not for me' }).click();
    await page.getByRole('button', { name: 'Close the message for good' }).click();
    await page.getByRole('heading', { level: 1, name: 'The message is closed' }).waitFor();
    await isWell(walk, 'declined-phone-en');
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'The message is gone' }).waitFor();
    await walk.close();
  });

  it.each(['en', 'da', 'de'])(
    'its sender takes a message back by a link, in the language %s',
    async (locale) => {
      const walk = await startWalk(browser, origin, { locale, ...SIZES.phone });
      const { page } = walk;
      const words =
        {
          en: ['Take a message back', 'Take it back', 'Take it back for good', 'The message is taken back'],
          da: [
            'Træk en besked tilbage',
            'Træk den tilbage',
            'Træk den tilbage for altid',
            'Beskeden er trukket tilbage',
          ],
          de: [
            'Eine Nachricht zurückziehen',
            'Zurückziehen',
            'Endgültig zurückziehen',
            'Die Nachricht ist zurückgezogen',
          ],
        }[locale] ?? [];
      const [title = '', begin = '', sure = '', done = ''] = words;
      const [deposit] = await world.deposits(await world.protectedFor([BO], MAIL));
      await page.goto(`${origin}/mailbox/back/${deposit?.personal?.takeBack ?? ''}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await isWell(walk, `take-back-phone-${locale}`);
      await page.getByRole('button', { name: begin }).click();
      await page.getByRole('button', { name: sure }).click();
      await page.getByRole('heading', { level: 1, name: done }).waitFor();
      await isWell(walk, `taken-back-phone-${locale}`);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: done }).waitFor();
      await walk.close();
    },
  );

  it('tells its sender what became of a message that there is nothing left to take back of', async () => {
    const walk = await startWalk(browser, origin, { locale: 'da', ...SIZES.phone });
    const { page } = walk;
    const [deposit] = await world.deposits(await world.protectedFor([BO], MAIL));
    await page.goto(`${origin}/mailbox/back/${deposit?.personal?.takeBack ?? ''}`);
    await page.getByRole('button', { name: 'Træk den tilbage' }).click();
    // Its reader is quicker.
    await world.pool.query('update messages set opened_at = now(), declined_at = now() where email_id = $1', [
      deposit?.emailId,
    ]);
    await page.getByRole('button', { name: 'Træk den tilbage for altid' }).click();
    await page.getByRole('heading', { level: 1, name: 'Der er ikke noget at trække tilbage' }).waitFor();
    await page.getByText('den ikke er til vedkommende').waitFor();
    await page.getByText('Den blev åbnet').waitFor();
    expect(await page.getByText('Bed afsenderen').count()).toBe(0);
    await isWell(walk);
    await walk.close();
  });

  it('says what becomes of an answer whose page was left open while another one sent it, or its session ended', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.desktop });
    const { page, faults } = walk;
    await signIn(page, await notified());
    await press(page, WORDS.en.begin);
    const answer = page.getByRole('textbox', { name: WORDS.en.answer });
    await answer.fill('one');
    await page.getByText(WORDS.en.kept).waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await press(other, WORDS.en.reply);
    await other.getByRole('status').filter({ hasText: WORDS.en.sent }).waitFor();
    await answer.fill('two');
    await press(page, WORDS.en.reply);
    await page.getByRole('alert').filter({ hasText: 'thrown away or sent elsewhere' }).waitFor();
    await page.reload();
    await press(page, WORDS.en.begin);
    // What can't be kept any more stays on the page.
    await page.route('**/draft', (route) => route.abort());
    await answer.fill('two');
    await press(other, WORDS.en.out);
    await other.getByRole('heading', { level: 1, name: WORDS.en.isOut }).waitFor();
    await page.getByRole('heading', { level: 1, name: WORDS.en.isOut }).waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe('two');
    expect(faults.filter((fault) => !/status of 40[14]|ERR_FAILED/.test(fault))).toEqual([]);
    await walk.close();
  });

  it('loses nothing that was typed: by a page that is left, a connection that is lost, a tab that is closed', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.desktop });
    const { page } = walk;
    await signIn(page, await notified());
    await press(page, WORDS.en.begin);
    const answer = page.getByRole('textbox', { name: WORDS.en.answer });
    const kept = () => page.getByText(WORDS.en.kept).waitFor();
    await answer.fill('one');
    await kept();
    // Left and come back to: as it is now, with its file.
    await page.getByLabel(WORDS.en.files).setInputFiles({
      name: 'a.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('a'),
    });
    await page.getByRole('button', { name: 'Remove a.txt' }).waitFor();
    await answer.fill('one, and two');
    await kept();
    const address = page.url();
    await page.getByRole('link', { name: WORDS.en.all }).press('Enter');
    await page.getByRole('heading', { level: 1, name: WORDS.en.list }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Remove a.txt' }).waitFor();
    expect(await answer.inputValue()).toBe('one, and two');
    // Tried again until it is kept.
    await page.route('**/draft', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await answer.fill('one, two, three');
    await page.getByRole('alert').filter({ hasText: 'not kept yet' }).waitFor();
    await page.unroute('**/draft');
    await kept();
    // A file that is still going up goes with it.
    await page.route('**/draft/files*', async (route) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      await route.continue();
    });
    await page.getByLabel(WORDS.en.files).setInputFiles({
      name: 'b.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('b'),
    });
    await press(page, WORDS.en.reply);
    await page.getByRole('alert').filter({ hasText: 'Not all files are attached yet' }).waitFor();
    await page.getByRole('button', { name: 'Remove b.txt' }).waitFor();
    // Thrown away only by who says so twice.
    await press(page, 'Throw it away');
    await press(page, 'Write on');
    await answer.fill('one, two, three, four');
    const other = await page.context().newPage();
    await page.close({ runBeforeUnload: true });
    await other.goto(address);
    await other.getByRole('textbox', { name: WORDS.en.answer }).waitFor();
    expect(await other.getByRole('textbox', { name: WORDS.en.answer }).inputValue()).toBe(
      'one, two, three, four',
    );
    await other.getByRole('button', { name: 'Remove b.txt' }).waitFor();
    await walk.close();
  });

  it('stays whole at 400 % on a narrow page', async () => {
    const walk = await startWalk(browser, origin, { locale: 'de', width: 320, height: 256 });
    await walk.page.goto(await notified());
    await walk.page.getByRole('heading', { level: 1 }).waitFor();
    await isWell(walk);
    await walk.close();
  });

  it('shows nothing of a message to who was forwarded its link, nor to who signed in as another', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const link = await notified(KIM, MAIL.replace(/^Subject: .*$/m, 'Subject: For Kim alone'));
    await page.goto(link);
    await page.getByRole('button', { name: WORDS.en.send }).click();
    await page.getByRole('textbox').fill('123456');
    await page.getByRole('button', { name: WORDS.en.go }).click();
    await page.getByRole('alert').filter({ hasText: 'not the code' }).waitFor();
    const shown = await page.content();
    for (const secret of ['For Kim', KIM, 'Anna', 'Kære']) expect(shown).not.toContain(secret);
    await page.goto(`${origin}/mailbox/messages`);
    await page.getByRole('heading', { level: 1, name: 'You are not signed in' }).waitFor();
    await isWell(walk, 'not-signed-in-phone-en');
    await page.getByRole('link', { name: 'Sign in by your mail address' }).click();
    await page.getByRole('heading', { level: 1, name: 'Messages from Demo Kommune' }).waitFor();
    await isWell(walk, 'address-phone-en');
    await page.getByRole('textbox').fill('nobody');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByRole('alert').filter({ hasText: 'Write a whole mail address' }).waitFor();
    const before = (await codes(0)).length;
    await page.getByRole('textbox').fill(BO);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByRole('textbox', { name: WORDS.en.code }).fill((await codes(before + 1)).at(-1) ?? '');
    await page.getByRole('button', { name: WORDS.en.go }).click();
    await page.getByRole('heading', { level: 1, name: WORDS.en.list }).waitFor();
    expect(await page.content()).not.toContain('For Kim');
    await walk.close();
  });

  it('says how long to wait for another code, and of a link only to who may have one beside', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const to = 'impatient@citizen.example';
    const link = await notified(to);
    const tooMany = page.getByRole('heading', { level: 1, name: 'Too many codes were asked for' });
    await page.goto(link);
    await page.getByRole('button', { name: WORDS.en.send }).click();
    for (let sent = 1; sent < 5; sent += 1) {
      await world.codesTo(to, sent);
      await page.getByRole('button', { name: 'Send another code' }).click();
    }
    await world.codesTo(to, 5);
    await page.getByRole('button', { name: 'Send another code' }).click();
    await tooMany.waitFor();
    await page.getByText('Wait an hour').waitFor();
    expect(await page.locator('main').innerText()).not.toContain('link');
    await isWell(walk, 'too-many-codes-phone-en');
    await page.goto(`${origin}/mailbox/o/demo`);
    for (let asked = 0; asked < 6 && (await tooMany.count()) === 0; asked += 1) {
      await page.getByRole('textbox', { name: 'Your mail address' }).fill(to);
      await page.getByRole('button', { name: 'Send me a code' }).click();
      await tooMany.or(page.getByRole('heading', { level: 1, name: 'Type the code' })).waitFor();
      if ((await tooMany.count()) === 0)
        await page.getByRole('button', { name: 'Write another address' }).click();
    }
    await page.getByText('Wait an hour').waitFor();
    await page.getByText('the link works also now').waitFor();
    await walk.close();
  });

  it('says kindly what is gone, what leads nowhere, and that it can not be reached', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const titled = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
    const link = await notified();
    await page.goto(link.slice(0, -3));
    await titled('This link leads nowhere');
    await isWell(walk, 'link-not-found-phone-en');
    await page.goto(`${origin}/mailbox/nothing/here`);
    await titled('There is nothing here');
    await page.goto(link);
    await titled(WORDS.en.title);
    await page.route('**/sign-ins', (route) => route.abort());
    await page.getByRole('button', { name: WORDS.en.send }).click();
    await titled('SecureMailBox can’t be reached just now');
    await isWell(walk, 'unreachable-phone-en');
    await page.unroute('**/sign-ins');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: WORDS.en.send }).click();
    await titled('Type the code');
    await world.pool.query('update messages set ends_at = now()');
    await page.goto(link);
    await titled('The message is gone');
    await isWell(walk, 'ended-phone-en');
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
