// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, missing } from '@securemail/testing';
import type { Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO, KIM, type MailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const WORDS = {
  en: {
    send: 'Send me the code',
    where: 'Where you are signed in',
    how: 'How you sign in',
    name: 'What you call this device',
    missing: 'Write a name, such as “My telephone”.',
    add: 'Add a passkey',
    added: 'The passkey is added.',
    there: 'This device has a passkey for you here already.',
    passkey: 'Passkey “Min tlf.”',
    out: 'Sign out',
    isOut: 'You are signed out',
    signIn: 'Sign in with a passkey',
    refused: 'This passkey does not open it.',
    stopped: 'No passkey was used.',
    remove: 'Take away “Min tlf.”',
    removed: 'It is taken away.',
    list: 'Your messages',
  },
  da: {
    send: 'Send mig koden',
    where: 'Hvor du er logget ind',
    how: 'Sådan logger du ind',
    name: 'Hvad du kalder denne enhed',
    missing: 'Skriv et navn, for eksempel “Min telefon”.',
    add: 'Tilføj en adgangsnøgle',
    added: 'Adgangsnøglen er tilføjet.',
    there: 'Denne enhed har allerede en adgangsnøgle til dig her.',
    passkey: 'Adgangsnøgle “Min tlf.”',
    out: 'Log ud',
    isOut: 'Du er logget ud',
    signIn: 'Log ind med en adgangsnøgle',
    refused: 'Denne adgangsnøgle åbner ikke.',
    stopped: 'Der blev ikke brugt nogen adgangsnøgle.',
    remove: 'Fjern “Min tlf.”',
    removed: 'Den er fjernet.',
    list: 'Dine beskeder',
  },
  de: {
    send: 'Code senden',
    where: 'Wo Sie angemeldet sind',
    how: 'Wie Sie sich anmelden',
    name: 'Wie Sie dieses Gerät nennen',
    missing: 'Schreiben Sie einen Namen, zum Beispiel „Mein Telefon“.',
    add: 'Passkey hinzufügen',
    added: 'Der Passkey ist hinzugefügt.',
    there: 'Dieses Gerät hat hier schon einen Passkey für Sie.',
    passkey: 'Passkey „Min tlf.“',
    out: 'Abmelden',
    isOut: 'Sie sind abgemeldet',
    signIn: 'Mit einem Passkey anmelden',
    refused: 'Dieser Passkey öffnet das nicht.',
    stopped: 'Es wurde kein Passkey benutzt.',
    remove: '„Min tlf.“ entfernen',
    removed: 'Entfernt. Wir',
    list: 'Ihre Nachrichten',
  },
};

if (chromiumIsThere()) {
  let pages: PageWorld;
  let world: MailboxWorld;
  let origin: string;
  beforeAll(async () => {
    pages = await openPageWorld();
    ({ world, origin } = pages);
  });
  afterEach(async () => {
    for (const table of ['sign_ins', 'sessions', 'credentials'])
      await world.pool.query(`delete from ${table}`);
  });
  afterAll(() => pages.close());

  const notified = async (to = BO) => {
    const { mail } = await world.notified(await world.protectedFor([to], MAIL));
    return /http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '';
  };
  const signIn = async (page: Page, send: string, address = BO) => {
    const before = (await world.codesTo(address, 0)).length;
    await page.goto(await notified(address));
    await page.getByRole('button', { name: send }).click();
    await page.getByRole('textbox').fill((await world.codesTo(address, before + 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
  };
  /** A device that keeps passkeys, as its owner unlocks it, or does not. */
  const plugIn = async (page: Page) => {
    const debug = await page.context().newCDPSession(page);
    await debug.send('WebAuthn.enable');
    const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return {
      unlocks: (isUserVerified: boolean) =>
        debug.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
      passkeys: async () =>
        (await debug.send('WebAuthn.getCredentials', { authenticatorId })).credentials.map(
          ({ rpId, isResidentCredential }) => ({ rpId, isResidentCredential }),
        ),
    };
  };
  const heading = (page: Page, name: string, level = 1) =>
    page.getByRole('heading', { level, name }).waitFor();

  it.each(Object.entries(WORDS))(
    'in the language %s: who wants to adds a passkey, signs in with it, and takes it away',
    async (language, words) => {
      const walk = await startWalk(pages.browser, origin, { locale: language, ...SIZES.phone });
      const { page, faults, focused } = walk;
      const device = await plugIn(page);
      await signIn(page, words.send);
      await page.getByRole('link', { name: words.where }).press('Enter');
      await heading(page, words.how, 2);
      const name = page.getByRole('textbox', { name: words.name });
      const add = page.getByRole('button', { name: words.add });
      await add.press('Enter');
      await page.getByRole('alert').filter({ hasText: words.missing }).waitFor();
      await isWell(walk);
      await name.fill('Min tlf.');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: words.added }).waitFor();
      await page.getByText(words.passkey).waitFor();
      expect(await focused()).toBe(words.how);
      expect(await device.passkeys()).toEqual([{ rpId: 'localhost', isResidentCredential: true }]);
      await isWell(walk, `credentials-phone-${language}`);
      // A device has one.
      await name.fill('Igen');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: words.there }).waitFor();

      await page.getByRole('button', { name: words.out, exact: true }).press('Enter');
      await heading(page, words.isOut);
      await page.goto(await notified());
      const by = page.getByRole('button', { name: words.signIn });
      await by.waitFor();
      await isWell(walk, `passkey-phone-${language}`);
      await device.unlocks(false);
      await by.press('Enter');
      await page.getByRole('alert').filter({ hasText: words.stopped }).waitFor();
      await device.unlocks(true);
      await by.press('Enter');
      await heading(page, 'Afgørelse i din sag');

      await page.getByRole('button', { name: words.out, exact: true }).press('Enter');
      await heading(page, words.isOut);
      await page.goto(`${origin}/mailbox/o/demo`);
      await by.press('Enter');
      await heading(page, words.list);

      // It opens nothing that is for somebody else.
      await page.goto(await notified(KIM));
      await by.press('Enter');
      await page.getByRole('alert').filter({ hasText: words.refused }).waitFor();
      await isWell(walk);

      await page.goto(`${origin}/mailbox/sessions`);
      await page.getByRole('button', { name: words.remove }).press('Enter');
      await page.getByRole('status').filter({ hasText: words.removed }).waitFor();
      expect(await page.getByText(words.passkey).count()).toBe(0);
      await page.goto(await notified());
      await by.press('Enter');
      await page.getByRole('alert').filter({ hasText: words.refused }).waitFor();
      // A passkey that is refused is a request that was refused, which browsers note.
      expect(faults.filter((fault) => !/status of 422/.test(fault))).toEqual([]);
      await walk.close();
    },
  );

  it('who signed in some time ago is told how to add one', async () => {
    const { page, close, ...walk } = await startWalk(pages.browser, origin, {
      locale: 'en',
      ...SIZES.desktop,
    });
    await signIn(page, WORDS.en.send);
    await world.pool.query(`update sessions set began_at = now() - interval '11 minutes'`);
    await page.getByRole('link', { name: WORDS.en.where }).press('Enter');
    await page.getByText('sign out and sign in by a code again').waitFor();
    expect(await page.getByRole('button', { name: WORDS.en.add }).count()).toBe(0);
    await isWell({ page, close, ...walk });
    await close();
  });

  it('a browser that knows no passkeys is offered none', async () => {
    const { page, close } = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.desktop });
    await page.addInitScript('delete globalThis.PublicKeyCredential');
    await page.goto(await notified());
    await page.getByRole('button', { name: WORDS.en.send }).waitFor();
    // The server, which renders the page, does not know that.
    await page.getByRole('button', { name: WORDS.en.signIn }).waitFor({ state: 'detached' });
    await close();
  });

  it('what few use is not among what everybody loads', async () => {
    const { page, close } = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.desktop });
    const scripts: string[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.push(response.url());
    });
    await page.goto(await notified());
    await page.getByRole('button', { name: WORDS.en.signIn }).waitFor();
    await page.waitForLoadState('networkidle');
    const withPasskeys = async () => {
      const loaded = await Promise.all(scripts.map(async (url) => await (await fetch(url)).text()));
      return loaded.filter((script) => script.includes('navigator.credentials')).length;
    };
    expect(scripts.length).toBeGreaterThan(0);
    expect(await withPasskeys()).toBe(0);
    await page.getByRole('button', { name: WORDS.en.signIn }).click();
    await page.waitForLoadState('networkidle');
    while ((await withPasskeys()) === 0) await page.waitForTimeout(100);
    await close();
  });
} else missing('Chromium', 'apt-get install chromium');
