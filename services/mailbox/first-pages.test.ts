// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { chromiumIsThere, missing } from '@securemail/testing';
import type { Page, Request } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO, openMailboxWorld, type MailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

/** Octets that a server may send before anything was acknowledged (RFC 6928): what is first seen needs one round trip. */
const FIRST_FLIGHT = 10 * 1_460;
/** Octets, compressed, of all that a first page loads until it answers by itself. */
const MOST_UNTIL_IT_ANSWERS = 102_000;

/** Not until all has come: some of it is held back. */
const DRAWN = { waitUntil: 'domcontentloaded' } as const;
/** What React leaves at an element that it has made its own. */
const ANSWERS = `Object.keys(document.querySelector('h1') ?? {}).some((key) => key.startsWith('__react'))`;

async function answers(page: Page): Promise<void> {
  while (!(await page.evaluate<boolean>(ANSWERS))) await sleep(20);
}

const WORDS = {
  en: { title: 'A secure message from Demo Kommune', send: 'Send me the code', wait: 'One moment …' },
  da: { title: 'En sikker besked fra Demo Kommune', send: 'Send mig koden', wait: 'Et øjeblik …' },
  de: { title: 'Eine sichere Nachricht von Demo Kommune', send: 'Code senden', wait: 'Einen Augenblick …' },
};
const WELCOME = 'Here you read what </script><b>we</b> write & send.';
const LOOK = {
  colours: { accent: '#7a1c4b', banner: '#1d3b2f' },
  texts: { en: { welcome: WELCOME, help: 'Call 70 10 20 30.' } },
};
/** Twice as large as there is room for. */
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="216" height="108"><rect width="216" height="108" fill="red"/></svg>';
const CONTACTS = Object.fromEntries([
  ...Array.from({ length: 8 }, (_, index) => [
    `c${index}`,
    { name: `Office ${index}`, group: 'Offices', description: '', address: `c${index}@demo.example` },
  ]),
  ['general', { name: 'All else', group: '', description: '', address: 'post@demo.example' }],
]);

/** As a browser asks for it over TLS, undecoded. */
async function answered(url: string, language = 'en', more: Record<string, string> = {}) {
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request(
      url,
      { headers: { 'Accept-Encoding': 'gzip, deflate, br, zstd', 'Accept-Language': language, ...more } },
      resolve,
    )
      .once('error', reject)
      .end();
  });
  const octets = await buffer(response);
  expect(response.headers['content-encoding']).toBe('br');
  return {
    status: response.statusCode,
    headers: response.headers,
    octets: octets.length,
    text: brotliDecompressSync(octets).toString(),
  };
}

const told = (html: string): unknown =>
  JSON.parse(/<script type="application\/json" id="told">(.*?)<\/script>/s.exec(html)?.[1] ?? 'null');

if (chromiumIsThere()) {
  let pages: PageWorld;
  let world: MailboxWorld;
  let origin: string;
  let link: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logo-'));
    const logoFile = join(folder, 'logo.svg');
    await writeFile(logoFile, LOGO);
    pages = await openPageWorld({ contacts: CONTACTS }, { look: { ...LOOK, logoFile } });
    ({ world, origin } = pages);
    link = (await world.notified(await world.protectedFor([BO], MAIL))).link;
  });
  afterEach(() => world.pool.query('delete from sign_ins'));
  afterAll(async () => {
    await pages.close();
    await rm(folder, { recursive: true, force: true });
  });

  const firstPages = () => [`/mailbox/m/${link}`, '/mailbox/o/demo', '/mailbox/o/demo/write'];
  /** Lets nothing through but the page, until it is told to. */
  async function heldBack(page: Page) {
    const asked: string[] = [];
    let letGo: () => void = () => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (route.request().resourceType() === 'document') {
        await route.continue();
        return;
      }
      if (pathname.includes('/assets/')) asked.push(pathname);
      await isLetGo;
      await route.continue();
    });
    return { asked, letGo };
  }
  const posted = (page: Page) => {
    const found: Request[] = [];
    page.on('request', (each) => {
      if (each.method() === 'POST') found.push(each);
    });
    return found;
  };

  it('a first page is seen after one request and one flight, and answers after one more, within its octets', async () => {
    for (const path of firstPages()) {
      const { text, octets } = await answered(origin + path);
      expect(octets).toBeLessThan(FIRST_FLIGHT / 2);
      // Nothing that is drawn waits for anything else.
      expect(text).not.toMatch(/<link[^>]* rel="stylesheet"|<script[^>]* src=|@import/);
      const named = [...text.matchAll(/<link rel="later" href="([^"]+)"/g)].map(([, href = '']) => href);
      const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
      const { asked, letGo } = await heldBack(walk.page);
      const others: string[] = [];
      walk.page.on('request', (each) => {
        if (/\/v1\/(?!.*\/logo$)/.test(each.url())) others.push(each.url());
      });
      await walk.page.goto(origin + path, DRAWN);
      // All at once, while none of them has come; and then no more.
      while (asked.length < named.length) await sleep(10);
      expect(asked.toSorted()).toEqual(named.toSorted());
      letGo();
      await answers(walk.page);
      expect(asked.filter((each) => !named.includes(each))).toEqual([]);
      expect(others).toEqual([]);
      const scripts = await Promise.all(named.map((each) => answered(origin + each)));
      const all = scripts.reduce((sum, script) => sum + script.octets, octets);
      expect(all).toBeLessThan(MOST_UNTIL_IT_ANSWERS);
      for (const { headers } of scripts) {
        expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(headers['content-type']).toMatch(/^text\/javascript/);
      }
      expect(walk.faults).toEqual([]);
      await walk.close();
    }
  });

  it.each(Object.entries(WORDS))(
    'without any script it is seen whole in the language %s, and looks as it will',
    async (language, words) => {
      const walk = await startWalk(pages.browser, origin, { locale: language, ...SIZES.phone });
      const { page } = walk;
      const { letGo } = await heldBack(page);
      await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
      await page.getByRole('heading', { level: 1, name: words.title }).waitFor();
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await page.title()).toBe(`${words.title} – SecureMailBox`);
      await page.getByText(WELCOME).waitFor();
      expect(await walk.focused()).toBe(words.title);
      const looks = () =>
        page.evaluate<unknown>(`[...document.querySelectorAll('header, .brand span, h1, main p, main button, footer')]
        .filter((each) => each.textContent !== '')
        .map((each) => [each.textContent, getComputedStyle(each).color, getComputedStyle(each).backgroundColor,
          JSON.stringify(each.getBoundingClientRect())])`);
      const before = await looks();
      expect(await page.evaluate(`document.querySelector('.brand img').complete`)).toBe(false);
      await isWell(walk);
      letGo();
      await answers(page);
      await sleep(300);
      expect(await page.evaluate(`document.querySelector('.brand img').naturalWidth`)).toBe(216);
      // Nothing moves, and nothing changes.
      expect(await looks()).toEqual(before);
      expect(walk.faults).toEqual([]);
      await walk.close();
    },
  );

  it.each(Object.entries(WORDS))(
    'a button that is pressed before the script is there does its work, once, in the language %s',
    async (locale, words) => {
      const walk = await startWalk(pages.browser, origin, { locale, ...SIZES.phone });
      const { page, faults } = walk;
      const posts = posted(page);
      await page.route('**/assets/**', async (route) => {
        await sleep(5_000);
        await route.continue();
      });
      await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
      const send = page.getByRole('button', { name: words.send });
      await send.dblclick();
      await page.getByRole('status').filter({ hasText: words.wait }).waitFor({ timeout: 1_000 });
      await send.click();
      expect(posts).toEqual([]);
      await page.getByRole('textbox').waitFor({ timeout: 30_000 });
      await sleep(500);
      expect(posts.map((each) => each.postDataJSON() as unknown)).toEqual([{ link, language: locale }]);
      expect(faults).toEqual([]);
      await walk.close();
    },
  );

  it('what is typed before the script is there is kept, and sent once by Enter', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const posts = posted(page);
    const { letGo } = await heldBack(page);
    await page.goto(`${origin}/mailbox/o/demo`, DRAWN);
    const field = page.getByRole('textbox', { name: 'Your mail address' });
    await field.fill('bo@citizen');
    letGo();
    await answers(page);
    // Whoever types goes on where he is.
    await page.keyboard.type('.example');
    expect(await field.inputValue()).toBe('bo@citizen.example');
    await page.reload(DRAWN);
    await page.unroute('**/*');
    const again = await heldBack(page);
    await page.reload(DRAWN);
    await field.fill(BO);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    again.letGo();
    await page.getByRole('textbox', { name: 'Code of six digits' }).waitFor();
    await sleep(500);
    expect(posts.map((each) => each.postDataJSON() as unknown)).toEqual([
      { organisation: 'demo', address: BO, language: 'en' },
    ]);
    expect(walk.faults).toEqual([]);
    await walk.close();
  });

  it('who is chosen, and the language, before the script is there stay chosen', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const { letGo } = await heldBack(page);
    await page.goto(`${origin}/mailbox/o/demo/write`, DRAWN);
    await page.getByRole('radio', { name: 'Office 3' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    letGo();
    await page.getByRole('heading', { level: 1, name: /Office 3/ }).waitFor();
    await page.unroute('**/*');
    const again = await heldBack(page);
    await page.goto(`${origin}/mailbox/o/demo`, DRAWN);
    await page.getByRole('combobox').selectOption('da');
    again.letGo();
    await page.getByRole('heading', { level: 1, name: 'Beskeder fra Demo Kommune' }).waitFor();
    // The server knows it, too, from now on.
    const third = await heldBack(page);
    await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
    await page.getByRole('heading', { level: 1, name: WORDS.da.title }).waitFor();
    third.letGo();
    expect(walk.faults).toEqual([]);
    await walk.close();
  });

  it.each(Object.entries(WORDS))(
    'a page that only its script can make says so until that has come, in the language %s',
    async (locale, words) => {
      const walk = await startWalk(pages.browser, origin, { locale, ...SIZES.phone });
      const { page } = walk;
      for (const path of ['messages', `messages/${link}`, `back/${link}`, 'not-signed-in/demo']) {
        const { letGo } = await heldBack(page);
        await page.goto(`${origin}/mailbox/${path}`, DRAWN);
        await page.getByRole('heading', { level: 1, name: 'SecureMailBox' }).waitFor();
        expect(await walk.focused()).toBe('SecureMailBox');
        await page.getByRole('status').filter({ hasText: words.wait }).waitFor();
        expect(await page.getAttribute('html', 'lang')).toBe(locale);
        await isWell(walk);
        letGo();
        await answers(page);
        await page.unroute('**/*');
      }
      await walk.close();
    },
  );

  it('says so where its script can not be had, as long as that is so', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    await page.route('**/assets/**', (route) => route.abort());
    for (const path of [`m/${link}`, 'messages']) {
      await page.goto(`${origin}/mailbox/${path}`, DRAWN);
      await page.getByRole('alert').filter({ hasText: 'does not answer yet' }).waitFor({ timeout: 8_000 });
      await isWell(walk, path === 'messages' ? undefined : 'script-lost-phone-en');
    }
    await page.unroute('**/assets/**');
    await page.getByRole('heading', { level: 1, name: 'You are not signed in' }).waitFor();
    expect(await page.getByText('does not answer yet').count()).toBe(0);
    await walk.close();
  });

  it('says so where its script is on its way for long', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const { letGo } = await heldBack(page);
    await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
    await page.getByRole('alert').filter({ hasText: 'does not answer yet' }).waitFor();
    letGo();
    await answers(page);
    expect(await page.getByText('does not answer yet').count()).toBe(0);
    await walk.close();
  });

  it('without JavaScript the note that it is needed stands first, and at once', async () => {
    const context = await pages.browser.newContext({ locale: 'de', javaScriptEnabled: false });
    const page = await context.newPage();
    for (const path of [`m/${link}`, 'messages']) {
      await page.goto(`${origin}/mailbox/${path}`);
      expect((await page.locator('body').innerText()).trim()).toMatch(/^SecureMailBox benötigt JavaScript/);
    }
    await context.close();
  });

  it('comes anew where its script did not arrive, once it can be had', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    let isThere = false;
    await page.route('**/assets/**', (route) => (isThere ? route.continue() : route.abort()));
    await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
    await sleep(3_000);
    isThere = true;
    await page.waitForEvent('load');
    await answers(page);
    await page.getByRole('button', { name: WORDS.en.send }).click();
    await page.getByRole('textbox', { name: 'Code of six digits' }).waitFor();
    await walk.close();
  });

  it('says so where a later script does not arrive, and loads it anew', async () => {
    const walk = await startWalk(pages.browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    const before = (await world.codesTo(BO, 0)).length;
    await page.route('**/assets/signed-in-*', (route) => route.abort());
    await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
    await page.getByRole('button', { name: WORDS.en.send }).click();
    const [code = ''] = (await world.codesTo(BO, before + 1)).slice(-1);
    await page.getByRole('textbox', { name: 'Code of six digits' }).fill(code);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'SecureMailBox can’t be reached' }).waitFor();
    await page.unroute('**/assets/signed-in-*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    await walk.close();
  });

  it('says to the minute until when, in the time of where its reader is, once that is known', async () => {
    await world.pool.query(`update messages set ends_at = '2031-03-01T23:30:00Z'`);
    const context = await pages.browser.newContext({ locale: 'en', timezoneId: 'Europe/Copenhagen' });
    const page = await context.newPage();
    const faults: unknown[] = [];
    page.on('pageerror', (error) => faults.push(error));
    const { letGo } = await heldBack(page);
    await page.goto(`${origin}/mailbox/m/${link}`, DRAWN);
    await page.getByText('until 1 March 2031 at 23:30 UTC').waitFor();
    letGo();
    await page.getByText('until 2 March 2031 at 00:30 CET').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('tells no more than the calls tell, and lets in no more than what stands in it', async () => {
    const bo = world.browser();
    const { body: ofLink } = await bo.ask('GET', `links/${link}`);
    const { body: ofOrganisation } = await bo.ask('GET', 'organisations/demo');
    const { body: ofContacts } = await bo.ask('GET', 'organisations/demo/contacts?language=de');
    const found = await answered(`${origin}/mailbox/m/${link}`);
    expect(told(found.text)).toEqual([
      { key: ['link', ':link'], answer: ofLink },
      { key: ['organisation', 'demo'], answer: ofOrganisation },
      { key: ['begun', ':link'], answer: { begun: null } },
    ]);
    expect(told((await answered(`${origin}/mailbox/o/demo/write`, 'de-AT')).text)).toEqual([
      { key: ['organisation', 'demo'], answer: ofOrganisation },
      { key: ['begun', 'demo', 'write'], answer: { begun: null } },
      { key: ['contacts', 'demo'], answer: { language: 'de', contacts: ofContacts['contacts'] } },
    ]);
    // Nothing of who reads, nor of the link.
    for (const secret of [link, BO, 'Anna', 'anna@', 'Afgørelse']) expect(found.text).not.toContain(secret);
    expect(found.text).not.toContain('<b>we</b>');
    const policy = String(found.headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|nonce|\*/);
    const inline = [...found.text.matchAll(/<(script|style)>(.*?)<\/\1>/gs)].map(([, , text = '']) => text);
    expect(inline).toHaveLength(3);
    for (const text of inline)
      expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(policy.match(/'sha256-/g)).toHaveLength(3);
    expect(found.headers['cache-control']).toBe('no-store');
    expect(found.headers['vary']).toMatch(/Accept-Language.*Cookie.*Accept-Encoding/);
  });

  it('of a link that leads nowhere it is told in the same way, by as many flights and requests', async () => {
    const [known, unknown] = await Promise.all([
      answered(`${origin}/mailbox/m/${link}`),
      answered(`${origin}/mailbox/m/${link.slice(0, -3)}abc`),
    ]);
    expect(told(unknown.text)).toEqual([
      { key: ['link', ':link'], refused: { kind: 'link-not-found', status: 404 } },
    ]);
    const same = ({ status, headers }: typeof known) => {
      const { date, etag, 'content-security-policy': policy, 'content-length': length, ...more } = headers;
      expect([date, etag, policy, length]).toBeDefined();
      return { status, more };
    };
    expect(same(unknown)).toEqual(same(known));
    const walk = await startWalk(pages.browser, origin, { locale: 'de', ...SIZES.phone });
    const others: string[] = [];
    walk.page.on('request', (each) => {
      if (/\/v1\/(?!.*\/logo$)/.test(each.url())) others.push(each.url());
    });
    await walk.page.goto(`${origin}/mailbox/m/${link.slice(0, -3)}abc`, DRAWN);
    await answers(walk.page);
    await walk.page.getByRole('heading', { level: 1, name: 'Dieser Link führt nirgendwohin' }).waitFor();
    expect(others).toEqual([]);
    expect(walk.faults).toEqual([]);
    await walk.close();
    const pagesAt = [
      '',
      'o/nobody',
      'm/%00',
      'messages',
      'messages/x',
      'conversations/x',
      'back/x',
      'write',
      'sessions',
    ];
    for (const path of [...pagesAt, 'not-signed-in', 'not-signed-in/demo', 'o/demo/write'])
      expect([path, (await fetch(`${origin}/mailbox/${path}`)).status]).toEqual([path, 200]);
    for (const path of ['m/', 'o/demo/write/more', 'wp-login.php', 'messages/x/y'])
      expect([path, (await fetch(`${origin}/mailbox/${path}`)).status]).toEqual([path, 404]);
  });
} else missing('Chromium', 'apt-get install chromium');

it('without its database a page is still there, and its script says what is wrong', async () => {
  const world = await openMailboxWorld();
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  try {
    const running = await world.start();
    await world.pool.query('alter table messages rename to gone');
    const { status, text } = await answered(`${running.url}/mailbox/m/${'a'.repeat(43)}`);
    expect([status, told(text)]).toEqual([200, null]);
    expect(text).toContain('<div id="root">');
    await running.close();
    await writeFile(join(folder, 'index.html'), 'nothing');
    const bare = await world.start({ pages: join(folder, 'site') });
    expect((await fetch(`${bare.url}/mailbox/o/demo`)).status).toBe(404);
    await bare.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
    await world.close();
  }
});
