// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, missing } from '@securemail/testing';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO, type MailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const GOOD = 'blåbærgrød med fløde';
const WORDS = {
  en: {
    send: 'Send me the code',
    where: 'Where you are signed in',
    title: 'Set a password',
    label: 'New password',
    keep: 'Keep this password',
    short: 'It has to have 12 to 128 characters.',
    guessed: 'This is easily guessed.',
    set: 'The password is set.',
    change: 'Change the password',
    out: 'Sign out',
    isOut: 'You are signed out',
    signIn: 'Sign in with a password',
    address: 'Your mail address',
    own: 'Your password',
    go: 'Sign in',
    wrong: 'That is not the password.',
    tooMany: 'Too many passwords were wrong.',
    list: 'Your messages',
    remove: 'Take away “Password”',
    removed: 'It is taken away.',
  },
  da: {
    send: 'Send mig koden',
    where: 'Hvor du er logget ind',
    title: 'Sæt en adgangskode',
    label: 'Ny adgangskode',
    keep: 'Gem adgangskoden',
    short: 'Den skal have 12 til 128 tegn.',
    guessed: 'Den er let at gætte.',
    set: 'Adgangskoden er sat.',
    change: 'Skift adgangskoden',
    out: 'Log ud',
    isOut: 'Du er logget ud',
    signIn: 'Log ind med en adgangskode',
    address: 'Din mailadresse',
    own: 'Din adgangskode',
    go: 'Log ind',
    wrong: 'Det er ikke adgangskoden.',
    tooMany: 'For mange adgangskoder var forkerte.',
    list: 'Dine beskeder',
    remove: 'Fjern “Adgangskode”',
    removed: 'Den er fjernet.',
  },
  de: {
    send: 'Code senden',
    where: 'Wo Sie angemeldet sind',
    title: 'Ein Passwort setzen',
    label: 'Neues Passwort',
    keep: 'Dieses Passwort behalten',
    short: 'Es muss 12 bis 128 Zeichen haben.',
    guessed: 'Das ist leicht zu erraten.',
    set: 'Das Passwort ist gesetzt.',
    change: 'Das Passwort ändern',
    out: 'Abmelden',
    isOut: 'Sie sind abgemeldet',
    signIn: 'Mit einem Passwort anmelden',
    address: 'Ihre E-Mail-Adresse',
    own: 'Ihr Passwort',
    go: 'Anmelden',
    wrong: 'Das ist nicht das Passwort.',
    tooMany: 'Zu viele Passwörter waren falsch.',
    list: 'Ihre Nachrichten',
    remove: '„Passwort“ entfernen',
    removed: 'Entfernt. Wir',
  },
};

if (chromiumIsThere()) {
  let pages: PageWorld;
  let world: MailboxWorld;
  beforeAll(async () => {
    pages = await openPageWorld();
    ({ world } = pages);
  });
  afterEach(async () => {
    for (const table of ['sign_ins', 'sessions', 'credentials', 'password_tries'])
      await world.pool.query(`delete from ${table}`);
  });
  afterAll(() => pages.close());

  const notified = async () => {
    const { mail } = await world.notified(await world.protectedFor([BO], MAIL));
    return /http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '';
  };

  it.each(Object.entries(WORDS))(
    'in the language %s: who wants to sets a password, signs in with it, and takes it away, by the keyboard',
    async (language, words) => {
      const walk = await startWalk(pages.browser, pages.origin, { locale: language, ...SIZES.phone });
      const { page, faults, focused } = walk;
      const heading = (name: string, level = 1) => page.getByRole('heading', { level, name }).waitFor();
      const press = (name: string) => page.getByRole('button', { name, exact: true }).press('Enter');
      const alerted = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
      const type = async (text: string) => {
        await page.keyboard.type(text);
        await page.keyboard.press('Enter');
      };
      const before = (await world.codesTo(BO, 0)).length;
      await page.goto(await notified());
      await press(words.send);
      await page.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      await heading('Afgørelse i din sag');

      await page.getByRole('link', { name: words.where }).press('Enter');
      await heading(words.title, 3);
      const field = page.getByLabel(words.label);
      expect(await field.getAttribute('type')).toBe('password');
      expect(await field.getAttribute('autocomplete')).toBe('new-password');
      await field.fill('kort');
      await page.keyboard.press('Enter');
      await alerted(words.short);
      await field.fill('qwertyuiop12');
      await page.keyboard.press('Enter');
      await alerted(words.guessed);
      await isWell(walk);
      await field.fill(GOOD);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: words.set }).waitFor();
      await heading(words.change, 3);
      await isWell(walk, `password-set-phone-${language}`);

      await press(words.out);
      await heading(words.isOut);
      await page.goto(await notified());
      await press(words.signIn);
      // Where the form opens one can type at once.
      await type('noget helt andet');
      await alerted(words.wrong);
      await isWell(walk, `password-phone-${language}`);
      await page.getByLabel(words.own).fill(GOOD);
      await page.keyboard.press('Enter');
      await heading('Afgørelse i din sag');

      await press(words.out);
      await heading(words.isOut);
      await page.goto(`${pages.origin}/mailbox/o/demo`);
      await press(words.signIn);
      const form = page.locator('form').filter({ has: page.getByLabel(words.own) });
      await form.getByLabel(words.address).fill('Bo@citizen.example');
      await form.getByLabel(words.own).fill(GOOD);
      await isWell(walk);
      await page.keyboard.press('Enter');
      await heading(words.list);

      await page.getByRole('link', { name: words.where }).press('Enter');
      await press(words.remove);
      await page.getByRole('status').filter({ hasText: words.removed }).waitFor();
      expect(await focused()).not.toBe('');
      await page.goto(await notified());
      await press(words.signIn);
      const own = page.getByLabel(words.own);
      for (let tries = 0; tries < 4; tries += 1) {
        await own.fill(GOOD);
        await page.keyboard.press('Enter');
        await alerted(words.wrong);
      }
      await own.fill(GOOD);
      await page.keyboard.press('Enter');
      await alerted(words.tooMany);
      // What is refused is a request that was refused, which browsers note.
      expect(faults.filter((fault) => !/status of 4(22|29)/.test(fault))).toEqual([]);
      await walk.close();
    },
  );
} else missing('Chromium', 'apt-get install chromium');
