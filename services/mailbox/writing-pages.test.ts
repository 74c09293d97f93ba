// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { chromiumIsThere, missing } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import type { Page } from 'playwright-core';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { startWalk } from '@securemail/testing/browser';

const AT = (name: string) => `${name}@demo.example`;
const CONTACTS = {
  general: { name: 'Alt andet', description: 'Hvis ingen anden passer', address: AT('post') },
  byg: { name: 'Byggesager', group: 'Bolig og byg', description: 'Carporte og skure', address: AT('byg') },
  varme: { name: 'Varmehjælp', group: 'Bolig og byg', address: AT('varme') },
  aeldre: { name: 'Ældrepleje', group: 'Sundhed', description: 'Hjemmehjælp', address: AT('pleje') },
  tand: { name: 'Tandplejen', group: 'Sundhed', description: 'For børn', address: AT('tand') },
  skole: { name: 'Skolerne', group: 'Børn', address: AT('skole') },
  sfo: { name: 'Fritidsordningen', group: 'Børn', address: AT('sfo') },
  borgmester: { name: 'Borgmesteren', address: AT('borgmester') },
};

const WORDS = {
  en: {
    home: 'Messages from Demo Kommune',
    write: 'Write a message',
    title: 'Write to Demo Kommune',
    search: 'Search the list',
    next: 'Continue',
    missing: 'Choose a recipient.',
    address: 'Your mail address',
    send: 'Send me a code',
    code: 'Code of six digits',
    you: 'You write as',
    other: 'Choose another recipient',
    subject: 'Subject',
    text: 'Your message',
    kept: 'Kept.',
    sendIt: 'Send the message',
    sent: 'Your message is sent',
    all: 'All messages',
    list: 'Your messages',
  },
  da: {
    home: 'Beskeder fra Demo Kommune',
    write: 'Skriv en besked',
    title: 'Skriv til Demo Kommune',
    search: 'Søg i listen',
    next: 'Fortsæt',
    missing: 'Vælg en modtager.',
    address: 'Din mailadresse',
    send: 'Send mig en kode',
    code: 'Kode på seks cifre',
    you: 'Du skriver som',
    other: 'Vælg en anden modtager',
    subject: 'Emne',
    text: 'Din besked',
    kept: 'Gemt.',
    sendIt: 'Send beskeden',
    sent: 'Din besked er sendt',
    all: 'Alle beskeder',
    list: 'Dine beskeder',
  },
  de: {
    home: 'Nachrichten von Demo Kommune',
    write: 'Eine Nachricht schreiben',
    title: 'An Demo Kommune schreiben',
    search: 'In der Liste suchen',
    next: 'Weiter',
    missing: 'Wählen Sie einen Empfänger.',
    address: 'Ihre E-Mail-Adresse',
    send: 'Code senden',
    code: 'Sechsstelliger Code',
    you: 'Sie schreiben als',
    other: 'Anderen Empfänger wählen',
    subject: 'Betreff',
    text: 'Ihre Nachricht',
    kept: 'Gespeichert.',
    sendIt: 'Nachricht senden',
    sent: 'Ihre Nachricht ist gesendet',
    all: 'Alle Nachrichten',
    list: 'Ihre Nachrichten',
  },
};

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    pages = await openPageWorld({ contacts: CONTACTS });
  });
  afterAll(() => pages.close());

  const submitted = async (from: string) => {
    const { rows } = await pages.world.pool.query<{ id: string }>(
      `select email_id as id from events where name = 'MailboxLetterSubmitted' order by position`,
    );
    for (const { id } of rows) {
      const [event] = await pages.world.events(id as Parameters<typeof pages.world.events>[0]);
      if (event?.name !== 'MailboxLetterSubmitted' || event.personal?.mailFrom !== from) continue;
      const mail = await simpleParser(await buffer(pages.world.vault.get(event, event.data.content)));
      return { to: event.personal.recipients[0]?.address, mail };
    }
    throw new Error(`nothing was submitted by ${from}`);
  };

  describe.each(Object.entries(WORDS))('in the language %s', (language, words) => {
    it.each(Object.entries(SIZES))('anybody writes first, on a %s', async (kind, size) => {
      const { browser, origin, world } = pages;
      const from = `${language}-${kind}@citizen.example`;
      const walk = await startWalk(browser, origin, { locale: language, ...size });
      const { page, faults, focused } = walk;
      const named = (name: string) =>
        kind === 'phone' || language === 'en' ? `${name}-${kind}-${language}` : undefined;
      const titled = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
      await page.goto(`${origin}/mailbox/o/demo`);
      await titled(words.home);
      await page.getByRole('link', { name: words.write }).waitFor();
      await isWell(walk, named('organisation'));
      await page.getByRole('link', { name: words.write }).click();
      await titled(words.title);
      const names = await page.locator('.choice').allInnerTexts();
      expect([names.length, names[0], names.at(-1)]).toEqual([
        8,
        'Borgmesteren',
        'Alt andet\nHvis ingen anden passer',
      ]);
      await page.getByRole('group', { name: 'Sundhed' }).waitFor();
      await isWell(walk, named('contacts'));
      await page.getByRole('button', { name: words.next }).click();
      await page.getByRole('alert').filter({ hasText: words.missing }).waitFor();
      // By a word of its description, whatever the case; what fits nothing else is there all the time.
      await page.getByRole('textbox', { name: words.search }).fill('CARPORT');
      await page.getByRole('radio', { name: 'Byggesager' }).check();
      expect(await page.getByRole('radio').count()).toBe(2);
      await isWell(walk, named('contacts-found'));
      await page.getByRole('button', { name: words.next }).click();
      await page.getByRole('textbox', { name: words.address }).fill(from);
      await isWell(walk, named('prove'));
      await page.getByRole('button', { name: words.send }).click();
      await page.getByRole('textbox', { name: words.code }).fill((await world.codesTo(from, 1))[0] ?? '');
      await page.keyboard.press('Enter');
      await titled(words.title);
      await page.getByText(`${words.you} ${from}`).waitFor();
      await page.getByRole('textbox', { name: words.subject }).fill('Min carport');
      await page.getByRole('textbox', { name: words.text }).fill('Må jeg bygge?\nTak.');
      // What was typed outlives another choice, and a page that is left.
      await page.getByRole('button', { name: words.other }).click();
      await page.getByRole('radio', { name: 'Varmehjælp' }).check();
      await page.getByRole('button', { name: words.next }).click();
      expect(await focused()).toContain('Varmehjælp');
      await page.getByText(words.kept).waitFor();
      await page.reload();
      await page.getByText('Varmehjælp').waitFor();
      expect(await page.getByRole('textbox', { name: words.text }).inputValue()).toBe('Må jeg bygge?\nTak.');
      expect(await page.getByRole('textbox', { name: words.subject }).inputValue()).toBe('Min carport');
      await isWell(walk, named('letter'));
      await page.getByRole('button', { name: words.sendIt }).click();
      await titled(words.sent);
      await isWell(walk, named('letter-sent'));
      const { to, mail } = await submitted(from);
      expect(to).toBe(AT('varme'));
      expect(mail.text).toContain('Må jeg bygge?\nTak.');
      await page.getByRole('link', { name: words.all }).click();
      await titled(words.list);
      await page.getByRole('link', { name: 'Min carport' }).click();
      await titled('Min carport');
      await page.getByText('Må jeg bygge?').waitFor();
      await isWell(walk, named('conversation'));
      expect(faults).toEqual([]);
      await walk.close();
    });
  });

  /** Of the letter under way, as the server has it. */
  const draftOf = (page: Page) =>
    page.evaluate(async () => {
      const response = await fetch('/mailbox/v1/letters/draft');
      const { draft } = (await response.json()) as { draft: Kept };
      return { text: draft.text, subject: draft.subject, files: draft.files.map(({ name }) => name) };
    });
  interface Kept {
    text: string;
    subject: string;
    files: { name: string }[];
  }

  it('another language takes nothing away: neither who is chosen, nor what is typed, nor a file that goes up', async () => {
    const { browser, origin, world } = pages;
    const from = 'polyglot@citizen.example';
    const walk = await startWalk(browser, origin, { locale: 'da', ...SIZES.phone });
    const { page, faults } = walk;
    const choose = (language: string) => page.locator('.languages select').selectOption(language);
    const titled = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goto(`${origin}/mailbox/o/demo/write`);
    await titled(WORDS.da.title);
    await page.getByRole('radio', { name: 'Varmehjælp' }).check();
    // The list that comes in the other language is late.
    await page.route('**/contacts?*', async (route) => {
      await page.waitForTimeout(300);
      await route.continue();
    });
    await choose('de');
    await titled(WORDS.de.title);
    expect(await page.getByRole('radio', { name: 'Varmehjælp' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: WORDS.de.next }).click();
    await choose('da');
    await page.getByRole('textbox', { name: WORDS.da.address }).fill(from);
    await choose('de');
    await page.getByRole('button', { name: WORDS.de.send }).click();
    await page.getByRole('textbox', { name: WORDS.de.code }).fill((await world.codesTo(from, 1))[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('Varmehjælp').waitFor();

    const fields = { subject: 'Mein Betreff', text: 'Kept text' };
    const areThere = async (words: (typeof WORDS)['en']) => {
      await titled(words.title);
      await page.getByText('Varmehjælp').waitFor();
      await page.waitForTimeout(600);
      expect(await page.getByRole('textbox', { name: words.subject }).inputValue()).toBe(fields.subject);
      expect(await page.getByRole('textbox', { name: words.text }).inputValue()).toBe(fields.text);
    };
    await page.getByRole('textbox', { name: WORDS.de.subject }).fill(fields.subject);
    await page.getByRole('textbox', { name: WORDS.de.text }).fill(fields.text);
    await page.getByText(WORDS.de.kept).waitFor();
    await choose('en');
    await areThere(WORDS.en);
    // Typed, and not kept yet; while a file goes up.
    fields.text = 'Second, unkept';
    await page.getByRole('textbox', { name: WORDS.en.text }).fill(fields.text);
    let isHeld = true;
    await page.route('**/draft/files/*', async (route) => {
      while (isHeld) await page.waitForTimeout(20);
      await route.continue();
    });
    const file = { name: 'bilag.txt', mimeType: 'text/plain', buffer: Buffer.from('attached') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('progressbar').waitFor();
    await choose('da');
    await areThere(WORDS.da);
    isHeld = false;
    await page.getByRole('button', { name: 'Fjern bilag.txt' }).waitFor();
    await page.getByText(WORDS.da.kept).waitFor();
    // Also where the list can not be had in the other language.
    await page.route('**/contacts?*', (route) => route.fulfill({ status: 503, body: '' }));
    await choose('de');
    await areThere(WORDS.de);
    await page.waitForTimeout(4_000);
    await areThere(WORDS.de);
    expect(await draftOf(page)).toEqual({ ...fields, files: ['bilag.txt'] });
    await page.unrouteAll();
    await page.reload();
    await areThere(WORDS.de);
    expect(faults.filter((fault) => !fault.includes('503'))).toEqual([]);
    await walk.close();
  });

  it('goes by the keyboard alone, and stays whole at 400 % on a narrow page', async () => {
    const { browser, origin } = pages;
    const walk = await startWalk(browser, origin, { locale: 'en', width: 320, height: 256 });
    const { page, focused } = walk;
    await page.goto(`${origin}/mailbox/o/demo/write`);
    await page.getByRole('heading', { level: 1, name: WORDS.en.title }).waitFor();
    expect(await focused()).toBe(WORDS.en.title);
    await isWell(walk);
    await page.keyboard.press('Tab');
    await page.keyboard.type('skole');
    await page.getByRole('status').filter({ hasText: '1 found' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.getByRole('radio', { name: 'Skolerne' }).isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(WORDS.en.next);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: WORDS.en.address }).waitFor();
    await isWell(walk);
    await walk.close();
  });

  it('says so where the organisation takes no messages', async () => {
    const { browser, origin } = pages;
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    await walk.page.goto(`${origin}/mailbox/o/other`);
    await walk.page.getByRole('heading', { level: 1, name: 'Messages from Other Hospital' }).waitFor();
    expect(await walk.page.getByRole('link', { name: WORDS.en.write }).count()).toBe(0);
    await walk.page.goto(`${origin}/mailbox/o/other/write`);
    await walk.page.getByRole('heading', { level: 1, name: 'Nobody can be written to here' }).waitFor();
    await isWell(walk, 'nobody-phone-en');
    await walk.close();
  });
} else missing('Chromium', 'apt-get install chromium');
