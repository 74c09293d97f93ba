// SPDX-License-Identifier: Apache-2.0
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { EmailId } from '@securemail/contracts';
import { chromiumIsThere, missing } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import type { Page } from 'playwright-core';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO, type MailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const MIB = 1024 * 1024;

if (chromiumIsThere()) {
  let pages: PageWorld;
  let world: MailboxWorld;
  let browser: PageWorld['browser'];
  let origin: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uploads-'));
    pages = await openPageWorld();
    ({ world, browser, origin } = pages);
  });
  afterEach(() => world.pool.query('delete from sign_ins'));
  afterAll(async () => {
    await pages.close();
    await rm(folder, { recursive: true });
  });

  /** By the keyboard: see `beneathFrame`. */
  const press = (on: Page, name: string) => on.getByRole('button', { name }).press('Enter');
  const signIn = async (page: Page) => {
    const before = (await world.codesTo(BO, 0)).length;
    const mail = MAIL.replace('case-1@', `${randomUUID()}@`);
    const { link } = await world.notified(await world.protectedFor([BO], mail));
    await page.goto(`${origin}/mailbox/m/${link}`);
    await press(page, 'Send me the code');
    await page.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
    await press(page, 'Write an answer');
  };

  it('sends a large file up: on through a lost connection and a server that ends, on from where a page was closed', async () => {
    const octets = randomBytes(24 * MIB - 7);
    const file = join(folder, 'plan æ.bin');
    await writeFile(file, octets);
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone, width: 320 });
    const { page } = walk;
    // It gets no further than this.
    let upTo = 8 * MIB;
    let isAway = false;
    await page.route('**/draft/files/*', async (route) => {
      const offset = Number(route.request().headers()['upload-offset'] ?? -1);
      while (offset >= upTo) await page.waitForTimeout(20);
      if (isAway && route.request().method() === 'HEAD') {
        isAway = false;
        await route.fulfill({ status: 503, body: '' });
        return;
      }
      await route.continue();
    });
    await signIn(page);
    const bar = (on: Page) => on.getByRole('progressbar', { name: 'plan æ.bin is being attached' });
    const reaches = async (on: Page, share: number) => {
      while (Number(await bar(on).getAttribute('value')) < share) await on.waitForTimeout(50);
    };
    const told: string[] = [];
    await page.exposeFunction('hear', (text: string) => told.push(text));
    await page.evaluate(`new MutationObserver((all) => all.forEach(({ target }) => {
      const status = (target.parentElement ?? target).closest?.('[role=status]');
      if (status) hear(status.textContent);
    })).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    await page.getByLabel('Attach files').setInputFiles(file);
    await reaches(page, 0.3);
    await page.context().setOffline(true);
    upTo = 16 * MIB;
    await page.getByRole('status').filter({ hasText: 'The connection is lost' }).waitFor();
    await isWell(walk, 'connection-lost-phone-en');
    await page.context().setOffline(false);
    await reaches(page, 0.55);
    upTo = 20 * MIB;
    await pages.restart();
    await reaches(page, 0.8);
    expect(told.filter((text) => text.includes('percent')).slice(0, 2)).toEqual([
      'plan æ.bin: 25 percent has gone up',
      'plan æ.bin: 50 percent has gone up',
    ]);
    const address = page.url();
    await page.goto('about:blank');
    upTo = Infinity;
    await page.goto(address);
    const begun = page.getByRole('listitem').filter({ hasText: 'Choose the same file again' });
    await begun.waitFor();
    const before = Number(/(\d+) percent/.exec((await begun.textContent()) ?? '')?.[1]);
    expect(before).toBeGreaterThanOrEqual(55);
    await isWell(walk, 'upload-broken-off-phone-en');
    // Not whole, it is not sent; another file of that name is no part of it.
    await page.getByRole('textbox', { name: 'Your answer' }).fill('x');
    await press(page, 'Send the answer');
    await page.getByRole('alert').filter({ hasText: 'not gone up in full' }).waitFor();
    const another = join(await mkdtemp(join(folder, 'other-')), 'plan æ.bin');
    await writeFile(another, randomBytes(octets.length));
    await page.getByLabel('Attach files').setInputFiles(another);
    await page.getByRole('alert').filter({ hasText: 'would have more than 26.2 MB together' }).waitFor();
    // Also where that can't be said at once.
    isAway = true;
    const begunAnew: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') begunAnew.push(request.url());
    });
    const first = page.waitForRequest((request) => request.method() === 'HEAD');
    await page.getByLabel('Attach files').setInputFiles(file);
    await first;
    await page.getByText('plan æ.bin (25.2 MB)').waitFor();
    expect(await begun.count()).toBe(0);
    expect([isAway, begunAnew]).toEqual([false, []]);
    await press(page, 'Send the answer');
    await page.getByText('Your answer is sent.').waitFor();
    const { rows } = await world.pool.query<{ id: EmailId }>(
      `select reply_id as id from replies order by submitted_at desc limit 1`,
    );
    const [event] = await world.events(rows[0]!.id);
    if (event?.name !== 'MailboxReplySubmitted') throw new Error('not submitted');
    const { attachments } = await simpleParser(await buffer(world.vault.get(event, event.data.content)));
    expect(attachments.map(({ filename, content }) => [filename, content.equals(octets)])).toEqual([
      ['plan æ.bin', true],
    ]);
    await walk.close();
  });

  it('goes on by itself where the server says that a request broke off on its way', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    await signIn(page);
    const answers = ['400 incomplete-message', '408 request-timeout', '408 '];
    const sizes: number[] = [];
    await page.route('**/draft/files/*', async (route) => {
      const isPatch = route.request().method() === 'PATCH';
      const answer = isPatch ? answers.shift() : undefined;
      if (answer === undefined) {
        if (isPatch) sizes.push(route.request().postDataBuffer()?.length ?? 0);
        await route.continue();
        return;
      }
      const [status, slug] = answer.split(' ');
      // A proxy's own says nothing that could be read.
      const body = slug === '' ? '<h1>Timeout</h1>' : JSON.stringify({ type: `/errors/${String(slug)}` });
      await route.fulfill({ status: Number(status), body });
    });
    const octets = randomBytes(3 * MIB);
    await page
      .getByLabel('Attach files')
      .setInputFiles({ name: 'photo.bin', mimeType: 'image/jpeg', buffer: octets });
    await page.getByRole('button', { name: 'Remove photo.bin' }).waitFor();
    expect(answers).toEqual([]);
    expect(sizes[0]).toBe(MIB / 4);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(MIB);
    await press(page, 'Send the answer');
    await page.getByText('Your answer is sent.').waitFor();
    await walk.close();
  });

  it('stops a file that goes up, and takes out one that broke off', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.desktop });
    const { page } = walk;
    await signIn(page);
    await page.route('**/draft/files/*', async (route) => {
      if (route.request().method() !== 'PATCH') await route.continue();
    });
    const choose = (name: string) =>
      page
        .getByLabel('Attach files')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
    const isGoing = () => page.waitForRequest((request) => request.method() === 'PATCH');
    await Promise.all([isGoing(), choose('a.txt')]);
    await press(page, 'Stop a.txt');
    await page.getByRole('button', { name: 'Stop a.txt' }).waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.type')).toBe('file');
    expect(await page.getByRole('listitem').filter({ hasText: '.txt' }).count()).toBe(0);
    // Also where nobody answers: then it is still there, and who sends sees it.
    await Promise.all([isGoing(), choose('a.txt')]);
    await page.context().setOffline(true);
    await press(page, 'Stop a.txt');
    await page.getByRole('button', { name: 'Stop a.txt' }).waitFor({ state: 'detached' });
    await page.context().setOffline(false);
    await page.getByRole('textbox', { name: 'Your answer' }).fill('x');
    await press(page, 'Send the answer');
    await page.getByRole('alert').filter({ hasText: 'not gone up in full' }).waitFor();
    await press(page, 'Remove a.txt');
    await page.getByText('a.txt: 0 percent has gone up').waitFor({ state: 'detached' });
    await Promise.all([isGoing(), choose('b.txt')]);
    await page.reload();
    await page.unroute('**/draft/files/*');
    await page.getByText('b.txt: 0 percent has gone up').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: '.txt' }).count()).toBe(1);
    await press(page, 'Remove b.txt');
    await page.getByRole('button', { name: 'Remove b.txt' }).waitFor({ state: 'detached' });
    await choose('c.txt');
    await page.getByRole('button', { name: 'Remove c.txt' }).waitFor();
    await press(page, 'Send the answer');
    await page.getByText('Your answer is sent.').waitFor();
    await walk.close();
  });

  it('takes what is chosen while a file goes up behind it, and sends nothing without it', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    await signIn(page);
    const isGoing = () => page.waitForRequest((request) => request.method() === 'PATCH');
    let go: () => void = () => undefined;
    const isFree = new Promise<void>((resolve) => (go = resolve));
    await page.route('**/draft/files/*', async (route) => {
      await isFree;
      await route.continue();
    });
    const choose = (...names: string[]) =>
      page
        .getByLabel('Attach files')
        .setInputFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })));
    await Promise.all([isGoing(), choose('one.txt')]);
    await choose('two.txt', 'not this.txt');
    await choose('three.txt');
    const waiting = page.getByRole('list', { name: 'Files that wait' }).getByRole('listitem');
    await waiting.filter({ hasText: 'three.txt waits' }).waitFor();
    expect(await waiting.count()).toBe(3);
    await page
      .getByRole('status')
      .filter({ hasText: 'Attached next: three.txt' })
      .waitFor({ state: 'attached' });
    await isWell(walk, 'files-waiting-phone-en');
    await press(page, 'Remove not this.txt');
    await page.getByRole('textbox', { name: 'Your answer' }).fill('All three');
    await press(page, 'Send the answer');
    await page.getByRole('alert').filter({ hasText: 'Not all files are attached yet' }).waitFor();
    go();
    const attached = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
    await attached.filter({ hasText: 'three.txt' }).waitFor();
    expect(await waiting.count()).toBe(0);
    expect((await attached.allTextContents()).map((text) => text.split(' ')[0])).toEqual([
      'one.txt',
      'two.txt',
      'three.txt',
    ]);
    await press(page, 'Send the answer');
    await page.getByText('Your answer is sent.').waitFor();
    await walk.close();
  });

  it('shows what waited when the page was left, and sends nothing without it', async () => {
    const walk = await startWalk(browser, origin, { locale: 'en', ...SIZES.phone });
    const { page } = walk;
    await signIn(page);
    const address = page.url();
    await page.route('**/draft/files/*', async (route) => {
      if (route.request().method() !== 'PATCH') await route.continue();
    });
    const choose = (name: string) =>
      page
        .getByLabel('Attach files')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
    await Promise.all([page.waitForRequest((request) => request.method() === 'PATCH'), choose('one.txt')]);
    await choose('to æ.txt');
    await page.getByText('to æ.txt waits').waitFor();
    const begun = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('link', { name: 'All messages' }).press('Enter');
    expect((await begun).status()).toBe(201);
    await page.unroute('**/draft/files/*');
    await page.goto(address);
    for (const name of ['one.txt', 'to æ.txt']) {
      const left = page.getByRole('listitem').filter({ hasText: `${name}: 0 percent has gone up` });
      await left.waitFor();
      await choose(name);
      await left.waitFor({ state: 'detached' });
    }
    // What is not there yet is not sent without.
    const attached = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
    for (const name of ['one.txt', 'to æ.txt'])
      await attached.filter({ hasText: name }).filter({ hasNotText: 'percent' }).waitFor();
    await press(page, 'Send the answer');
    await page.getByText('Your answer is sent.').waitFor();
    await walk.close();
  });

  it.each([
    ['en', 'Attach files', 'Up to 20 files, 26.2 MB together', 'it has 30 MB', 'a message takes 20 files'],
    ['da', 'Vedhæft filer', 'Højst 20 filer, 26,2 MB tilsammen', 'Filen fylder 30 MB', 'kan have 20 filer'],
    ['de', 'Dateien anhängen', '20 Dateien, zusammen 26,2 MB', 'Die Datei hat 30 MB', 'fasst 20 Dateien'],
  ])(
    'says how much a message takes, and what is too much of it (%s)',
    async (locale, label, most, large, many) => {
      const walk = await startWalk(browser, origin, { locale, ...SIZES.phone });
      const { page } = walk;
      const mail = MAIL.replace('case-1@', `${randomUUID()}@`);
      const email = await world.protectedFor([BO], mail);
      const { link } = await world.notified(email);
      await page.goto(`${origin}/mailbox/m/${link}`);
      const before = (await world.codesTo(BO, 0)).length;
      await page.getByRole('main').getByRole('button').first().press('Enter');
      await page.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      await page
        .getByRole('button', { name: /^(Write an answer|Skriv et svar|Eine Antwort schreiben)$/ })
        .press('Enter');
      await page.getByLabel(label).waitFor();
      await page.getByText(most).waitFor();
      expect(await page.getByLabel(label).getAttribute('aria-describedby')).not.toBeNull();
      const large30 = join(folder, 'scan.pdf');
      await writeFile(large30, Buffer.alloc(30_000_000));
      await page.getByLabel(label).setInputFiles(large30);
      await page.getByRole('alert').filter({ hasText: large }).waitFor();
      const photos = [...Array(21).keys()].map((at) => ({
        name: `IMG_${at}.jpg`,
        mimeType: 'image/jpeg',
        buffer: Buffer.from('x'),
      }));
      await page.getByLabel(label).setInputFiles(photos);
      await page.getByRole('alert').filter({ hasText: many }).waitFor();
      expect(await page.getByRole('alert').filter({ hasText: 'IMG_20.jpg' }).count()).toBe(1);
      await isWell(walk);
      await walk.close();
    },
  );
} else missing('Chromium', 'apt-get install chromium');
