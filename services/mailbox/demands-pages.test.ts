// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { chromiumIsThere, freePort, missing, startChromium } from '@securemail/testing';
import { CONTROLLERS } from './service.ts';
import { MAIL } from './testing/mails.ts';
import { CALLBACK, comeBack, throughProvider } from './testing/openid-browser.ts';
import { openIdProvider } from '@securemail/testing/openid';
import { isWell } from './testing/page-world.ts';
import {
  asUpload,
  BO,
  KIM,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const OIDC = 'openid-connect';
const CONTACTS = {
  general: { name: 'Everything else', address: 'post@demo.example' },
  building: { name: 'Building permits', address: 'build@demo.example' },
};
let world: MailboxWorld;
let provider: Awaited<ReturnType<typeof openIdProvider>>;
let running: { url: string; close(): Promise<void> };
let origin: string;
let port: number;

/** The service, with these demands. */
async function restart(demands: object, tenant: object = {}): Promise<void> {
  await (running as typeof running | undefined)?.close();
  const openIdConnect = {
    name: 'DemoID',
    issuer: provider.issuer,
    clientId: 'securemail',
    clientSecret: 'a-secret-of-the-client',
  };
  running = await world.start(
    { http: { host: 'localhost', port } },
    { mailbox: { url: origin, openIdConnect, demands }, ...tenant },
  );
}

beforeAll(async () => {
  world = await openMailboxWorld();
  port = await freePort();
  origin = `http://localhost:${port}`;
  provider = await openIdProvider(`${origin}${CALLBACK}`);
  await restart({});
});
beforeEach(() => {
  provider.say({ email: BO, email_verified: true });
});
afterAll(async () => {
  await running.close();
  await provider.close();
  await world.close();
});

let mails = 0;
/** A mail that begins a conversation, with these fields, and the message that became of it. */
async function deposited(fields: string[] = [], text = 'Kære Bo') {
  mails += 1;
  const mail = MAIL.replace('case-1@', `demanded-${mails}@`)
    .replace('MIME-Version', [...fields, 'MIME-Version'].join('\r\n'))
    .replace('Kære Bo', text);
  const emailId = await world.protectedFor([BO], mail);
  const [deposit] = await world.deposits(emailId);
  const { link } = await world.notified(emailId);
  return { messageId: deposit!.data.messageId, link };
}
const same = () => ({ Origin: origin });
const signIn = async (link: string): Promise<Browser> => {
  const plain = world.browser();
  const browser: Browser = {
    cookies: plain.cookies,
    ask: (method, path, body, headers) => plain.ask(method, path, body, { ...same(), ...headers }),
  };
  await world.signIn(browser, link);
  return browser;
};
async function proveMore(browser: Browser, where: object): Promise<string | null> {
  const { status, body } = await browser.ask('POST', 'sign-ins/openid-connect', where);
  expect(status).toBe(200);
  return comeBack(browser, await throughProvider(new URL(body['location'] as string)));
}
const statusOf = async (browser: Browser, messageId: string) =>
  (await browser.ask('GET', `messages/${messageId}`)).status;

/** Every route of the service, `METHOD path`. */
const ROUTES = CONTROLLERS.flatMap((controller) => {
  const base = Reflect.getMetadata('path', controller) as string;
  const methods: string[] = [];
  for (
    let at: object = controller.prototype;
    at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object
  )
    methods.push(...Object.getOwnPropertyNames(at));
  return [...new Set(methods)].flatMap((name) => {
    const handler = (controller.prototype as unknown as Record<string, object | undefined>)[name];
    const path = handler && (Reflect.getMetadata('path', handler) as string | string[] | undefined);
    if (handler === undefined || path === undefined || name === 'constructor') return [];
    const method = RequestMethod[Reflect.getMetadata('method', handler) as number] ?? '';
    return [path].flat().map((each) => `${method} ${base}/${each}`.replaceAll('//', '/'));
  });
}).map((route) => route.replace(/\/$/, ''));

/** What a session that lacks a proof is answered by those that lead to a message. */
const TABLE: Record<string, number> = {
  'GET mailbox/v1/messages/:messageId': 403,
  'GET mailbox/v1/messages/:messageId/body': 403,
  'GET mailbox/v1/messages/:messageId/parts/:ordinal': 403,
  'GET mailbox/v1/messages/:messageId/message.eml': 403,
  'GET mailbox/v1/messages/:messageId/message.pdf': 403,
  'GET mailbox/v1/messages/:messageId/draft': 403,
  'PUT mailbox/v1/messages/:messageId/draft': 403,
  'DELETE mailbox/v1/messages/:messageId/draft': 403,
  'POST mailbox/v1/messages/:messageId/draft/letter': 403,
  'POST mailbox/v1/messages/:messageId/replies': 403,
  // What this server can do, whoever asks.
  'OPTIONS mailbox/v1/messages/:messageId/draft/files': 204,
  'OPTIONS mailbox/v1/messages/:messageId/draft/files/:fileId': 204,
  'POST mailbox/v1/messages/:messageId/draft/files': 403,
  'HEAD mailbox/v1/messages/:messageId/draft/files/:fileId': 403,
  'PATCH mailbox/v1/messages/:messageId/draft/files/:fileId': 403,
  'DELETE mailbox/v1/messages/:messageId/draft/files/:fileId': 403,
  'POST mailbox/v1/messages/:messageId/draft/files/:fileId': 403,
  'GET mailbox/v1/written/:replyId/message.eml': 403,
  'GET mailbox/v1/written/:replyId/message.pdf': 403,
  'GET mailbox/v1/conversations': 200,
  'GET mailbox/v1/conversations/:conversationId': 200,
};
/** Also who can't prove more may say that it is not for him; it says nothing of the message. */
const DECLINE = 'POST mailbox/v1/messages/:messageId/decline';
const SECRETS = [
  ...['Afgørelse', 'Kære', 'anna@', 'Østergaard', 'vil.html', 'afgørelsen'],
  ...['SVAR', 'hemmelig.txt', 'UNDERVEJS', 'kladde.txt'],
];

describe('where more than an address is demanded', () => {
  let browser: Browser;
  let messageId: string;
  let replyId: string;
  let conversationId: string;
  let draftId: string;
  let fileId: string;
  let link: string;

  beforeAll(async () => {
    ({ messageId, link } = await deposited());
    browser = await signIn(link);
    const write = async (text: string, name: string) => {
      const place = `messages/${messageId}`;
      const draft = await browser.ask('PUT', `${place}/draft`, {});
      const id = draft.body['draftId'] as string;
      const content = Buffer.from('inside');
      const upload = `${place}/draft/files?draft=${id}`;
      const file = await browser.ask('POST', upload, content, asUpload(name, content.length));
      expect(file.status).toBe(201);
      await browser.ask('PUT', `${place}/draft`, { draftId: id, text });
      return { draftId: id, fileId: file.body['fileId'] as string };
    };
    replyId = (await write('SVAR', 'hemmelig.txt')).draftId;
    const sent = await browser.ask('POST', `messages/${messageId}/replies`, {
      draftId: replyId,
      text: 'SVAR',
    });
    expect(sent.status).toBe(202);
    ({ draftId, fileId } = await write('UNDERVEJS', 'kladde.txt'));
    const list = await browser.ask('GET', 'conversations');
    expect(list.octets.toString()).toContain('Afgørelse');
    ({ conversationId } = (list.body['conversations'] as [{ conversationId: string }])[0]);
    // It is demanded later than all of that, and the session goes on.
    await restart({ everyMessage: OIDC });
  });

  const ask = (route: string) => {
    const [method = '', path = ''] = route.split(' ');
    const filled = path
      .replace('mailbox/v1/', '')
      .replace(':messageId', messageId)
      .replace(':replyId', replyId)
      .replace(':conversationId', conversationId)
      .replace(':ordinal', '1')
      .replace(':fileId', fileId);
    const isUpload = filled.includes('/draft/files');
    const query = filled.endsWith('.pdf')
      ? '?language=en'
      : /draft(\/files)?$/.test(filled)
        ? `?draft=${draftId}`
        : '';
    const content = Buffer.from('x');
    const body =
      isUpload && ['POST', 'PATCH'].includes(method)
        ? content
        : filled.endsWith('/replies')
          ? { draftId, text: 'UNDERVEJS' }
          : filled.endsWith('/draft') && method === 'PUT'
            ? {}
            : undefined;
    const headers = isUpload
      ? { ...asUpload('x.txt', 1), 'Upload-Offset': '0', 'X-HTTP-Method-Override': 'PATCH' }
      : {};
    const asGet = method === 'GET' && query.startsWith('?draft') ? '' : query;
    return browser.ask(method, filled + asGet, body, headers);
  };

  it('the table has every route that leads to what was written', () => {
    const leading = ROUTES.filter((route) => /v1\/(messages|written|conversations)/.test(route));
    expect(leading.filter((route) => route !== DECLINE).toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });

  it.each(Object.entries(TABLE))('%s: %i, and nothing of it', async (route, expected) => {
    const { status, headers, octets, body } = await ask(route);
    expect(status).toBe(expected);
    if (expected === 403 && !route.startsWith('HEAD'))
      expect(body).toMatchObject({ type: '/errors/proof-demanded', proofs: [OIDC] });
    const all = `${JSON.stringify([...headers])} ${octets.toString()}`;
    expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([]);
  });

  it('nor by any other route that only reads', async () => {
    const others = ROUTES.filter((route) => route.startsWith('GET ') && TABLE[route] === undefined);
    expect(others.length).toBeGreaterThan(8);
    for (const route of others) {
      const path = route
        .replace('GET mailbox/v1/', '')
        .replace(':link', link)
        .replace(':organisation', 'demo')
        .replace(':secret', link);
      const { octets } = await browser.ask('GET', path);
      expect([route, SECRETS.filter((secret) => octets.toString().includes(secret))]).toEqual([route, []]);
    }
  });

  it('nobody has opened it so', async () => {
    const unread = await deposited();
    expect(await statusOf(browser, unread.messageId)).toBe(403);
    const { rows } = await world.pool.query('select opened_at from messages where message_id = $1', [
      unread.messageId,
    ]);
    expect(rows).toEqual([{ opened_at: null }]);
    expect((await browser.ask('POST', `messages/${unread.messageId}/decline`)).status).toBe(204);
  });

  it('the list says that it is there, and what is to be proven', async () => {
    const { body } = await browser.ask('GET', 'conversations');
    expect(body['conversations']).toContainEqual(
      expect.objectContaining({ messageId, subject: '', from: [], contact: null, lacks: [OIDC] }),
    );
  });

  it('who is known to the provider by another address reads nothing, and stays signed in', async () => {
    provider.say({ email: KIM, email_verified: true });
    expect(await proveMore(browser, { message: messageId })).toBe(
      `/mailbox/messages/${messageId}?refused=openid-connect`,
    );
    expect((await browser.ask('GET', 'sessions/current')).status).toBe(200);
    expect(await statusOf(browser, messageId)).toBe(403);
  });

  it('who has signed out meanwhile stays so', async () => {
    const out = await signIn(link);
    const { body } = await out.ask('POST', 'sign-ins/openid-connect', { message: messageId });
    const back = await throughProvider(new URL(body['location'] as string));
    expect((await out.ask('DELETE', 'sessions/current')).status).toBe(204);
    expect(await comeBack(out, back)).toBe('/mailbox/not-signed-in/demo');
    expect(await statusOf(out, messageId)).toBe(401);
  });

  it('nobody proves more who is not signed in', async () => {
    const { status } = await world
      .browser()
      .ask('POST', 'sign-ins/openid-connect', { message: messageId }, same());
    expect(status).toBe(401);
  });

  it('who proves it comes back to the message and reads all of it; the session before is over', async () => {
    const before = new Map(browser.cookies);
    await world.pool.query(`update sessions set proofs = '{second-channel}'`);
    expect(await proveMore(browser, { message: messageId })).toBe(`/mailbox/messages/${messageId}`);
    for (const route of ['/message.eml', '/message.pdf?language=en', '/body', '/parts/2', '/draft', ''])
      expect([route, (await browser.ask('GET', `messages/${messageId}${route}`)).status]).toEqual([
        route,
        200,
      ]);
    expect((await browser.ask('GET', `written/${replyId}/message.eml`)).status).toBe(200);
    const { octets } = await browser.ask('GET', `conversations/${conversationId}`);
    expect(octets.toString()).toContain('SVAR');
    // What was proven before goes on.
    const { rows } = await world.pool.query<{ proofs: string[] }>(
      `select proofs from sessions where 'openid-connect' = any(proofs)`,
    );
    expect(rows).toEqual([{ proofs: ['second-channel', OIDC] }]);
    const old = world.browser();
    for (const [name, value] of before) old.cookies.set(name, value);
    expect((await old.ask('GET', 'sessions/current')).status).toBe(401);
  });

  it('a proof ends with the session', async () => {
    expect((await browser.ask('DELETE', 'sessions/current')).status).toBe(204);
    expect(await statusOf(await signIn(link), messageId)).toBe(403);
  });

  it('who signs in at the provider from the link needs nothing more', async () => {
    const direct = world.browser();
    const { body } = await direct.ask('POST', 'sign-ins/openid-connect', { link }, same());
    await comeBack(direct, await throughProvider(new URL(body['location'] as string)));
    expect(await statusOf(direct, messageId)).toBe(200);
  });

  it('what somebody wrote that answers nothing more is proven for its conversation', async () => {
    const by = await signIn(link);
    expect(await proveMore(by, { conversation: conversationId })).toBe(
      `/mailbox/conversations/${conversationId}`,
    );
  });
});

describe('what was begun to answer a message that is gone', () => {
  const kept = async (browser: Browser, messageId: string) => {
    const place = `messages/${messageId}`;
    const { body } = await browser.ask('PUT', `${place}/draft`, {});
    const draftId = body['draftId'] as string;
    const content = Buffer.from('inside');
    await browser.ask('POST', `${place}/draft/files?draft=${draftId}`, content, asUpload('kladde.txt', 6));
    await browser.ask('PUT', `${place}/draft`, { draftId, text: 'UNDERVEJS' });
    return draftId;
  };
  const takeBack = (messageId: string) =>
    world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [messageId]);
  /** A letter that was begun as an answer to what is private, of who has proven more than his address. */
  async function moved(demands: object = { sensitivity: { private: OIDC } }) {
    await restart(demands, { contacts: CONTACTS });
    const { messageId, link } = await deposited(['Sensitivity: Private']);
    const browser = await signIn(link);
    await proveMore(browser, { message: messageId });
    const draftId = await kept(browser, messageId);
    await takeBack(messageId);
    const { status } = await browser.ask('POST', `messages/${messageId}/draft/letter`, { draftId });
    expect(status).toBe(204);
    return { browser, draftId, link };
  }
  const letterOf = (draftId: string) => ({
    draftId,
    contactId: 'building',
    subject: 'HEMMELIG',
    text: 'UNDERVEJS',
  });

  it('is read by who proves still what was demanded; nobody is asked to where nothing was begun', async () => {
    await restart({ everyMessage: OIDC });
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    await proveMore(browser, { message: messageId });
    await kept(browser, messageId);
    const nothing = await deposited();
    await Promise.all([takeBack(messageId), takeBack(nothing.messageId)]);
    const other = await signIn((await deposited()).link);
    expect((await other.ask('GET', `messages/${messageId}/draft`)).body['proofs']).toEqual([OIDC]);
    expect((await other.ask('GET', `messages/${nothing.messageId}/draft`)).body).toEqual({ draft: null });
    expect(await proveMore(other, { message: messageId })).toBe(`/mailbox/messages/${messageId}`);
    const { body } = await other.ask('GET', `messages/${messageId}/draft`);
    expect(body['draft']).toMatchObject({ text: 'UNDERVEJS', files: [{ name: 'kladde.txt' }] });
  });

  it('goes on as a letter only for who has proven it', async () => {
    const { browser, draftId } = await moved();
    const { link, messageId } = await deposited();
    const other = await signIn(link);
    // Nothing is demanded of the one by which he signs in now.
    expect(await statusOf(other, messageId)).toBe(200);
    const file = `letters/draft/files/${crypto.randomUUID()}`;
    const asked: [string, string, (Buffer | object)?, Record<string, string>?][] = [
      ['GET', 'letters/draft'],
      ['PUT', 'letters/draft', {}],
      ['PUT', 'letters/draft', letterOf(draftId)],
      ['POST', 'letters', letterOf(draftId)],
      ['POST', `letters/draft/files?draft=${draftId}`, Buffer.from('x'), asUpload('x.txt', 1)],
      ['DELETE', file, {}, asUpload('x.txt', 1)],
    ];
    for (const [method, path, body, headers] of asked) {
      const refused = await other.ask(method, path, body, headers);
      expect([method, path, refused.status, refused.body['type'], refused.body['proofs']]).toEqual([
        ...[method, path, 403],
        ...['/errors/proof-demanded', [OIDC]],
      ]);
      expect(refused.octets.toString()).not.toMatch(/UNDERVEJS|kladde/);
    }
    provider.say({ email: KIM, email_verified: true });
    expect(await proveMore(other, { to: 'write' })).toBe('/mailbox/write?refused=openid-connect');
    provider.say({ email: BO, email_verified: true });
    expect(await proveMore(other, { to: 'write' })).toBe('/mailbox/write');
    const { body } = await other.ask('GET', 'letters/draft');
    expect(body['draft']).toMatchObject({ draftId, text: 'UNDERVEJS' });
    expect((await browser.ask('DELETE', `letters/draft?draft=${draftId}`)).status).toBe(204);
  });

  it('is thrown away as a letter also by who can’t prove it any more, and he writes another one', async () => {
    const { browser, draftId } = await moved();
    const other = await signIn((await deposited()).link);
    const refused = await other.ask('PUT', 'letters/draft', {});
    expect([refused.status, refused.body]).toMatchObject([403, { proofs: [OIDC], draftId }]);
    const { status } = await other.ask('DELETE', `letters/draft?draft=${draftId}`);
    expect(status).toBe(204);
    expect((await browser.ask('GET', 'letters/draft')).body).toEqual({ draft: null });
    const begun = await other.ask('PUT', 'letters/draft', {});
    expect([begun.status, begun.body['text']]).toEqual([200, '']);
  });

  it('is what it was also once it is sent, also where nothing is demanded any more', async () => {
    const { browser, draftId } = await moved();
    expect((await browser.ask('POST', 'letters', letterOf(draftId))).status).toBe(202);
    await restart({}, { contacts: CONTACTS });
    const other = await signIn((await deposited()).link);
    for (const path of ['message.eml', 'message.pdf?language=en'])
      expect((await other.ask('GET', `written/${draftId}/${path}`)).status).toBe(403);
    for (const path of ['conversations', `conversations/${draftId}`]) {
      const { octets, status } = await other.ask('GET', path);
      expect([status, /UNDERVEJS|HEMMELIG/.test(octets.toString())]).toEqual([200, false]);
      expect(octets.toString()).toContain(`"lacks":["${OIDC}"]`);
    }
    expect((await browser.ask('GET', `written/${draftId}/message.eml`)).status).toBe(200);
  });

  it('is as sensitive as that was also where that is demanded only once it is a letter', async () => {
    const { browser, draftId } = await moved({});
    const other = await signIn((await deposited()).link);
    expect((await other.ask('GET', 'letters/draft')).status).toBe(200);
    await restart({ sensitivity: { private: OIDC } }, { contacts: CONTACTS });
    const { status, body } = await other.ask('GET', 'letters/draft');
    expect([status, body['proofs']]).toEqual([403, [OIDC]]);
    expect((await browser.ask('POST', 'letters', letterOf(draftId))).status).toBe(202);
    expect((await other.ask('GET', `written/${draftId}/message.eml`)).status).toBe(403);
    expect((await browser.ask('GET', `written/${draftId}/message.eml`)).status).toBe(200);
  });

  it('a letter that was begun as one is kept from nobody', async () => {
    await restart({ everyMessage: OIDC }, { contacts: CONTACTS });
    const browser = await signIn((await deposited()).link);
    const { body } = await browser.ask('PUT', 'letters/draft', {});
    const draftId = body['draftId'] as string;
    expect((await browser.ask('POST', 'letters', letterOf(draftId))).status).toBe(202);
    expect((await browser.ask('GET', `written/${draftId}/message.eml`)).status).toBe(200);
    // As the migration that began to keep the levels left those that were written before it.
    await world.pool.query(
      `update replies set levels = '{personal,private,company-confidential,sensitive-content}' where reply_id = $1`,
      [draftId],
    );
    expect((await browser.ask('GET', `written/${draftId}/message.eml`)).status).toBe(403);
    const file = join(import.meta.dirname, 'migrations/0018_letters_answer_nothing.sql');
    const [up = ''] = (await readFile(file, 'utf8')).split('-- Down Migration');
    await world.pool.query(up);
    expect((await browser.ask('GET', `written/${draftId}/message.eml`)).status).toBe(200);
  });
});

describe('by how sensitive a message is', () => {
  const RULES = {
    guards: { sensitiveContent: { rules: [{ name: 'CPR', kind: 'cpr' }], whenFound: 'protect' } },
  };

  it('as its sender says', async () => {
    await restart({ sensitivity: { private: OIDC } });
    const [secret, open, other] = [
      await deposited(['Sensitivity: Private']),
      await deposited(),
      await deposited(['Sensitivity: Personal']),
    ];
    const browser = await signIn(secret.link);
    expect(await statusOf(browser, secret.messageId)).toBe(403);
    expect(await statusOf(browser, open.messageId)).toBe(200);
    expect(await statusOf(browser, other.messageId)).toBe(200);
    // What was demanded when it came stays so; what is demanded later counts at once.
    await restart({ sensitivity: { personal: OIDC } });
    expect(await statusOf(browser, secret.messageId)).toBe(403);
    expect(await statusOf(browser, open.messageId)).toBe(200);
    expect(await statusOf(browser, other.messageId)).toBe(403);
  });

  it('by what is found in it, in an attachment or the text; and of what nobody looked into', async () => {
    await restart({}, RULES);
    const before = await deposited();
    await restart({ sensitiveContent: OIDC }, RULES);
    const found = await deposited([], 'Dit nummer er 070761-4285');
    const nothing = await deposited();
    const browser = await signIn(found.link);
    expect(await statusOf(browser, found.messageId)).toBe(403);
    expect(await statusOf(browser, nothing.messageId)).toBe(200);
    expect(await statusOf(browser, before.messageId)).toBe(403);
  });
});

if (chromiumIsThere()) {
  it.each([
    [
      'en',
      'A protected message',
      'Sign in with DemoID',
      'did not confirm',
      'can’t be reached',
      'See whether',
    ],
    ['da', 'En beskyttet besked', 'Log ind med DemoID', 'har ikke bekræftet', 'kan ikke nås', 'Se, om du er'],
    [
      'de',
      'Eine geschützte Nachricht',
      'Mit DemoID anmelden',
      'hat nicht bestätigt',
      'nicht zu erreichen',
      'ob Sie online sind',
    ],
  ])('at 320 pixels, in the language %s', async (locale, title, button, refused, away, offline) => {
    await restart({ sensitivity: { 'company-confidential': OIDC } });
    const { link } = await deposited(['Sensitivity: Company-Confidential']);
    const chromium = await startChromium();
    const walk = await startWalk(chromium, origin, { locale, width: 320, height: 740 });
    const { page } = walk;
    const post = (path: string, body: object) =>
      page.evaluate(
        ([url, json]) =>
          fetch(url!, { method: 'POST', body: json!, headers: { 'Content-Type': 'application/json' } }).then(
            ({ status }) => status,
          ),
        [`${origin}/mailbox/v1/${path}`, JSON.stringify(body)],
      );
    await page.goto(`${origin}/mailbox/m/${link}`);
    const before = (await world.codesTo(BO, 0)).length;
    expect(await post('sign-ins', { link })).toBe(202);
    const code = (await world.codesTo(BO, before + 1)).at(-1);
    expect(await post('sign-ins/code', { code })).toBe(200);
    await page.goto(`${origin}/mailbox/messages`);
    const entry = page.getByRole('link', { name: title }).first();
    await entry.waitFor();
    await isWell(walk, `demanded-list-phone-${locale}`);
    await entry.press('Enter');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.getByRole('button', { name: button }).waitFor();
    expect(await walk.focused()).toBe(title);
    await isWell(walk, `demanded-openid-phone-${locale}`);
    provider.say({ email: KIM, email_verified: true });
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('alert').filter({ hasText: refused }).waitFor();
    await isWell(walk, `demanded-openid-refused-phone-${locale}`);
    provider.say({ email: BO, email_verified: true });
    // What the service answers while the provider is away; and while its database is.
    for (const [body, said] of [
      ['{"type":"/errors/provider-unavailable"}', away],
      ['{}', offline],
    ] as const) {
      await page.route('**/sign-ins/openid-connect', (route) =>
        route.fulfill({ status: 503, contentType: 'application/problem+json', body }),
      );
      await page.getByRole('button', { name: button }).press('Enter');
      await page.getByRole('alert').filter({ hasText: said }).waitFor();
      await isWell(walk);
      await page.unroute('**/sign-ins/openid-connect');
    }
    provider.goAway(true);
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('alert').filter({ hasText: away }).waitFor();
    await isWell(walk);
    provider.goAway(false);
    const { pathname } = new URL(page.url());
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(pathname);
    await walk.close();
    await chromium.close();
  });
} else missing('Chromium', 'apt-get install chromium');
