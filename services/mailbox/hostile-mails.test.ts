// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromiumIsThere, missing, startChromium } from '@securemail/testing';
import type { Browser, Page } from 'playwright-core';
import { hostileMails, type Hostile } from './testing/hostile/index.ts';
import { MAIL } from './testing/mails.ts';
import { openPageWorld, type PageWorld } from './testing/page-world.ts';
import { BO } from './testing/running-mailbox.ts';

/** The three layers between the HTML of a mail and its reader (docs/security.md). */
const LAYERS = ['sanitizer', 'sandbox', 'policy'] as const;
type Layer = (typeof LAYERS)[number];

/** Frames that are shown at once. */
const AT_ONCE = 40;
/** Scripts and requests are given so long. Milliseconds. */
const PATIENCE = 700;

if (chromiumIsThere()) {
  let pages: PageWorld;
  let listener: Server;
  let heard: Set<string>;
  let corpus: Hostile[];
  /** By its place in the corpus. */
  let messageIds: string[];
  let browser: Browser;
  let page: Page;
  const ran = new Set<string>();
  /** Those that were opened to the listener, also where nothing was asked for over them. */
  let connections = 0;

  beforeAll(async () => {
    heard = new Set();
    listener = createServer((request, response) => {
      heard.add(request.url ?? '');
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end();
    });
    listener.on('connection', () => (connections += 1));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    corpus = hostileMails(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    pages = await openPageWorld();
    const { world } = pages;
    messageIds = [];
    for (const { mail } of corpus) {
      const [deposit] = await world.deposits(await world.protectedFor([BO], mail));
      messageIds.push(deposit?.data.messageId ?? '');
    }
    // What tests answer in place of the server is of no network to it, and nothing else would keep it from asking this machine.
    browser = await startChromium(['--disable-features=LocalNetworkAccessChecks']);
    page = await browser.newPage();
    page.on('console', (message) => ran.add(message.text()));
    const { mail } = await world.notified(await world.protectedFor([BO], MAIL));
    await page.goto(/http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '');
    await page.getByRole('button', { name: 'Send me the code' }).click();
    await page.getByRole('textbox').fill((await world.codesTo(BO, 1)).at(-1) ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await pages.close();
    listener.close();
  });

  /** Shows every HTML of the corpus in a frame as the page has it, but without these layers; what of it ran, or was asked for. */
  async function shownWithout(
    off: readonly Layer[],
    isShown: (html: string) => boolean = () => true,
  ): Promise<{ ran: number; asked: number }> {
    ran.clear();
    heard.clear();
    connections = 0;
    const bodies = /\/messages\/([^/]+)\/body$/;
    await page.route(bodies, async (route) => {
      // The server may end a connection at the very moment at which it is taken for another request.
      const response = await route.fetch({ maxRetries: 3 });
      const headers = response.headers();
      const policy = headers['content-security-policy'] ?? '';
      const [, messageId = ''] = bodies.exec(route.request().url()) ?? [];
      const raw = corpus[messageIds.indexOf(messageId)]?.html ?? null;
      if (off.includes('sandbox')) headers['content-security-policy'] = policy.replace(/; sandbox[^;]*$/, '');
      if (off.includes('policy')) {
        const [sandbox = ''] = off.includes('sandbox') ? [] : (/sandbox[^;]*$/.exec(policy) ?? []);
        headers['content-security-policy'] = sandbox;
      }
      await route.fulfill({
        response,
        headers,
        ...(off.includes('sanitizer') && raw !== null
          ? { status: 200, contentType: 'text/html; charset=utf-8', body: `<!doctype html>${raw}` }
          : {}),
      });
    });
    // The policy of the page around keeps its frames where they are.
    const around = /\/mailbox\/sessions$/;
    await page.route(around, async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': policy = '', ...headers } = response.headers();
      await route.fulfill({
        response,
        headers: off.includes('policy') ? headers : { ...headers, 'content-security-policy': policy },
      });
    });
    await page.goto(`${pages.origin}/mailbox/sessions`);
    const frames = corpus.flatMap(({ html }, index) =>
      html === null || !isShown(html) ? [] : [messageIds[index] ?? ''],
    );
    for (let first = 0; first < frames.length; first += AT_ONCE) {
      const some = frames.slice(first, first + AT_ONCE);
      await page.evaluate(
        `(async (ids, sandbox) => {
          document.querySelectorAll('iframe').forEach((frame) => frame.remove());
          await Promise.all(ids.map((id) => new Promise((done) => {
            const frame = document.createElement('iframe');
            if (sandbox !== null) frame.setAttribute('sandbox', sandbox);
            frame.referrerPolicy = 'no-referrer';
            frame.src = '/mailbox/v1/messages/' + id + '/body';
            frame.addEventListener('load', done);
            setTimeout(done, 5000);
            document.body.append(frame);
          })));
        })(${JSON.stringify(some)}, ${off.includes('sandbox') ? 'null' : '"allow-popups allow-popups-to-escape-sandbox"'})`,
      );
      await sleep(PATIENCE);
    }
    await page.unroute(bodies);
    await page.unroute(around);
    return result();
  }

  const result = () => ({
    ran: corpus.filter((each) => ran.has(each.ran)).length,
    asked: corpus.filter((each) => heard.has(each.out)).length,
  });
  const culprits = () =>
    corpus.filter((each) => ran.has(each.ran) || heard.has(each.out)).map(({ html, mail }) => html ?? mail);

  it('there are more than three hundred', () => {
    expect(corpus.length).toBeGreaterThan(300);
  });

  it('they are alive: without any layer many of them run, or ask for something', async () => {
    const found = await shownWithout(LAYERS);
    expect(found.ran).toBeGreaterThan(80);
    expect(found.asked).toBeGreaterThan(80);
  });

  it.each([
    ['all layers', []],
    ['all layers but the sandbox', ['sandbox']],
    ['all layers but the policy', ['policy']],
  ] as const)('with %s none runs, none asks for anything, and no connection is opened', async (_, off) => {
    await shownWithout(off);
    expect(culprits()).toEqual([]);
    expect(connections).toBe(0);
  });

  it('with all layers but the sanitizer none runs, none asks, and nothing but a frame has so much as a connection opened', async () => {
    await shownWithout(['sanitizer'], (html) => !/<i?frame/i.test(html));
    expect(culprits()).toEqual([]);
    expect(connections).toBe(0);
    // Of a frame that no sanitizer took out a browser opens the connection before it asks the policy (docs/security.md).
    await shownWithout(['sanitizer'], (html) => /<i?frame/i.test(html));
    expect(culprits()).toEqual([]);
    expect(connections).toBeGreaterThan(0);
  });

  it('in the pages themselves none runs, and none asks for anything', async () => {
    ran.clear();
    heard.clear();
    connections = 0;
    for (const [index, messageId] of messageIds.entries()) {
      // Of those that are HTML and nothing else one in ten: the frame has been seen.
      if (corpus[index]?.html !== null && index % 10 > 0) continue;
      await page.goto(`${pages.origin}/mailbox/messages/${messageId}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('link', { name: 'Save the text as PDF' }).waitFor();
      await sleep(50);
    }
    await sleep(PATIENCE);
    expect(culprits()).toEqual([]);
    expect(connections).toBe(0);
  });
} else missing('Chromium', 'apt-get install chromium');
