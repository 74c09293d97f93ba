// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { EmailId } from '@securemail/contracts';
import { simpleParser } from 'mailparser';
import { MAIL } from './testing/mails.ts';
import { pdfText } from './testing/pdf-text.ts';
import {
  asUpload,
  BO,
  KIM,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

const CONTACTS = {
  general: { name: 'Everything else', address: 'post@demo.example' },
  building: {
    name: 'Building permits',
    group: 'Housing',
    description: 'Garages, sheds, extensions',
    address: 'build@demo.example',
  },
  aeldre: { name: 'Ældrepleje', group: 'Housing', address: 'care@demo.example' },
  mayor: { name: 'The mayor', address: 'mayor@demo.example' },
};

let world: MailboxWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start({ limits: { newcomers: 30 } }, { contacts: CONTACTS });
});
beforeEach(() => world.pool.query('delete from sign_ins'));
afterAll(async () => {
  await running.close();
  await world.close();
});

interface Draft {
  draftId: string;
  contactId: string | null;
  subject: string;
  text: string;
  files: { name: string }[];
}
const toWrite = (address: string, organisation = 'demo') => ({
  organisation,
  address,
  to: 'write',
  language: 'da',
});
/** Whoever nobody has written to yet. */
const newcomer = async (address: string): Promise<Browser> => {
  const browser = world.browser();
  const before = (await world.codesTo(address, 0)).length;
  expect((await browser.ask('POST', 'sign-ins', toWrite(address))).status).toBe(202);
  const code = (await world.codesTo(address, before + 1)).at(-1);
  expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
  return browser;
};
const begin = async (browser: Browser) =>
  (await browser.ask('PUT', 'letters/draft', {})).body as unknown as Draft;
const letter = (draftId: string, more: object = {}) => ({
  draftId,
  contactId: 'building',
  subject: 'My garage',
  text: 'May I build one?',
  ...more,
});
const send = (browser: Browser, draftId: string, more: object = {}) =>
  browser.ask('POST', 'letters', letter(draftId, more));
const submitted = async (draftId: string) => {
  const [event, ...more] = await world.events(EmailId.parse(draftId));
  if (event?.name !== 'MailboxLetterSubmitted' || more.length > 0) throw new Error('not submitted once');
  return { event, mail: await simpleParser(await buffer(world.vault.get(event, event.data.content))) };
};
const types = ({ body }: { body: Record<string, unknown> }) => String(body['type']).replace('/errors/', '');
const conversations = async (browser: Browser) =>
  (await browser.ask('GET', 'conversations')).body['conversations'] as Record<string, unknown>[];

describe('whom one can write to', () => {
  it('is there for everybody, by group and name, the general one last, and without an address', async () => {
    const { body, octets } = await world.browser().ask('GET', 'organisations/demo/contacts?language=da');
    const contacts = body['contacts'] as { id: string; group: string; description: string }[];
    expect(contacts.map(({ id }) => id)).toEqual(['mayor', 'building', 'aeldre', 'general']);
    expect(contacts[1]).toEqual({
      id: 'building',
      name: 'Building permits',
      group: 'Housing',
      description: 'Garages, sheds, extensions',
      isGeneral: false,
    });
    expect(octets.toString()).not.toContain('@');
  });

  it('is nobody where the organisation has no list, and no code is sent there', async () => {
    const { body } = await world.browser().ask('GET', 'organisations/other/contacts');
    expect(body['contacts']).toEqual([]);
    const refused = await world.browser().ask('POST', 'sign-ins', toWrite('li@x.example', 'other'));
    expect([refused.status, types(refused)]).toEqual([404, 'contact-not-found']);
    expect((await world.browser().ask('GET', 'organisations/without/contacts')).status).toBe(404);
  });
});

describe('what somebody writes first', () => {
  it('becomes a mail for the contact, and begins a conversation in which its answer lies', async () => {
    const address = 'Li@citizen.example';
    const li = await newcomer(address);
    expect((await li.ask('GET', 'sessions/current')).body['address']).toBe(address);
    const { draftId } = await begin(li);
    await li.ask(
      'POST',
      `letters/draft/files?draft=${draftId}`,
      Buffer.from('plan'),
      asUpload('plan.txt', 4),
    );
    const sent = await send(li, draftId);
    expect(sent.status).toBe(202);
    const { event, mail } = await submitted(draftId);
    expect(event.data).toMatchObject({ contactId: 'building', recipientIds: ['r1'] });
    expect(event.personal).toMatchObject({
      mailFrom: address,
      recipients: [{ address: 'build@demo.example' }],
    });
    expect([mail.subject, mail.from?.text, mail.inReplyTo]).toEqual([
      'SecureMailBox message received',
      address,
      undefined,
    ]);
    expect(mail.text).toContain('“Building permits”');
    expect(mail.text).toContain('Subject: My garage');
    expect(mail.text).toContain('May I build one?');
    expect(mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
      ['plan.txt', 'plan'],
    ]);

    const [listed] = await conversations(li);
    expect(listed).toMatchObject({
      messageId: null,
      subject: 'My garage',
      contact: 'Building permits',
      unread: 0,
    });
    const id = String(listed?.['conversationId']);
    expect((await li.ask('GET', `conversations/${id}`)).body['entries']).toEqual([
      {
        kind: 'letter',
        lacks: [],
        at: sent.body['submittedAt'],
        replyId: draftId,
        contact: 'Building permits',
        subject: 'My garage',
        text: 'May I build one?',
        files: [{ name: 'plan.txt', size: 4 }],
        isLeftOut: false,
      },
    ]);
    const answer = MAIL.replace('<case-1@demo.example>', '<granted@demo.example>').replace(
      'MIME-Version',
      `In-Reply-To: ${mail.messageId ?? ''}\r\nMIME-Version`,
    );
    await world.deposits(await world.protectedFor([address], answer));
    const [answered, ...others] = await conversations(li);
    expect(others).toEqual([]);
    expect(answered).toMatchObject({ conversationId: id, subject: 'My garage', unread: 1 });
    const { body } = await li.ask('GET', `messages/${String(answered?.['messageId'])}`);
    expect((body['conversation'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'letter',
      'message',
    ]);
  });

  it('is saved whole by who wrote it, and by nobody else', async () => {
    const li = await newcomer('saves@citizen.example');
    const { draftId } = await begin(li);
    await send(li, draftId);
    const { octets, headers } = await li.ask('GET', `written/${draftId}/message.eml`);
    expect(headers.get('content-type')).toBe('message/rfc822');
    const { event } = await submitted(draftId);
    expect(octets.equals(await buffer(world.vault.get(event, event.data.content)))).toBe(true);
    const pdf = await li.ask('GET', `written/${draftId}/message.pdf?language=de`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(await pdfText(pdf.octets)).toMatch(/Von\s+saves@citizen\.example\s+An\s+/);
    const other = await newcomer('other@citizen.example');
    for (const file of ['message.eml', 'message.pdf']) {
      for (const id of [draftId, 'x'])
        expect(types(await other.ask('GET', `written/${id}/${file}`))).toBe('mailbox-message-not-found');
      expect((await world.browser().ask('GET', `written/${draftId}/${file}`)).status).toBe(401);
    }
  });

  it('can be read again by who wrote it, also before anybody answers', async () => {
    const address = 'pia@citizen.example';
    const first = await newcomer(address);
    await send(first, (await begin(first)).draftId);
    const later = world.browser();
    await later.ask('POST', 'sign-ins', { organisation: 'demo', address });
    const code = (await world.codesTo(address, 2)).at(-1);
    expect((await later.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
    expect(await conversations(later)).toMatchObject([{ subject: 'My garage' }]);
  });

  it('whose subject nobody sees has none, wherever it is called by it', async () => {
    const li = await newcomer('unseen@citizen.example');
    const { draftId } = await begin(li);
    await send(li, draftId, { subject: ' \u200B\u00AD ' });
    const [listed] = await conversations(li);
    expect(listed).toMatchObject({ subject: '' });
    const { body } = await li.ask('GET', `conversations/${String(listed?.['conversationId'])}`);
    expect(body).toMatchObject({ name: '', entries: [{ subject: '' }] });
  });

  it('is sent once, and not taken for another one', async () => {
    const li = await newcomer('once@citizen.example');
    const { draftId } = await begin(li);
    const answers = await Promise.all([1, 2, 3].map(() => send(li, draftId)));
    answers.push(await send(li, draftId));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await submitted(draftId);
    for (const other of [{ text: 'Other' }, { subject: 'Other' }, { contactId: 'mayor' }])
      expect(types(await send(li, draftId, other))).toBe('draft-not-found');
  });

  it('is kept while it is written, in other browsers, too, and can be thrown away', async () => {
    const [one, two] = [await newcomer('draft@citizen.example'), await newcomer('draft@citizen.example')];
    expect((await one.ask('GET', 'letters/draft')).body).toEqual({ draft: null });
    const { draftId } = await begin(one);
    await one.ask('PUT', 'letters/draft', letter(draftId, { contactId: null }));
    expect((await two.ask('GET', 'letters/draft')).body['draft']).toMatchObject({
      draftId,
      contactId: null,
      subject: 'My garage',
      text: 'May I build one?',
    });
    const kim = await newcomer(KIM);
    expect((await kim.ask('GET', 'letters/draft')).body).toEqual({ draft: null });
    expect(types(await send(kim, draftId))).toBe('draft-not-found');
    expect((await two.ask('DELETE', `letters/draft?draft=${draftId}`)).status).toBe(204);
    expect(types(await send(one, draftId))).toBe('draft-not-found');
  });

  it('is come back to by the address alone, for as long as it is kept', async () => {
    const address = 'comes-back@citizen.example';
    const first = await newcomer(address);
    const { draftId } = await begin(first);
    await first.ask('PUT', 'letters/draft', letter(draftId));
    const later = world.browser();
    await later.ask('POST', 'sign-ins', { organisation: 'demo', address });
    const code = (await world.codesTo(address, 2)).at(-1);
    expect((await later.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
    expect((await later.ask('GET', 'conversations')).body).toMatchObject({
      conversations: [],
      letter: { changedAt: expect.any(String) },
    });
    expect((await begin(later)).text).toBe('May I build one?');
    await later.ask('DELETE', `letters/draft?draft=${draftId}`);
    expect((await later.ask('GET', 'conversations')).body['letter']).toBeNull();
    const answer = await world.browser().ask('POST', 'sign-ins', { organisation: 'demo', address });
    expect([answer.status, await world.codesTo(address, 2)]).toMatchObject([202, { length: 2 }]);
  });

  it('is not sent by a page behind another one, on which another letter was written by now', async () => {
    const li = await newcomer('two-pages@citizen.example');
    const { draftId } = await begin(li);
    const [garage, rent] = [
      { ...letter(draftId), by: { writer: randomUUID(), seen: 0 } },
      {
        ...letter(draftId, { contactId: 'general', text: 'About my rent' }),
        by: { writer: randomUUID(), seen: 1 },
      },
    ];
    expect((await li.ask('PUT', 'letters/draft', garage)).body['version']).toBe(1);
    expect((await li.ask('PUT', 'letters/draft', rent)).body['version']).toBe(2);
    const refused = await li.ask('POST', 'letters', { ...garage, files: [] });
    expect([refused.status, types(refused)]).toEqual([409, 'draft-changed']);
    expect((await begin(li)).text).toBe('About my rent');
    expect((await li.ask('POST', 'letters', { ...rent, files: [] })).status).toBe(202);
    expect((await submitted(draftId)).mail.text).toContain('About my rent');
  });

  it('is sent to nobody who is not on the list, and stays where it is', async () => {
    const li = await newcomer('list@citizen.example');
    const { draftId } = await begin(li);
    const refused = await send(li, draftId, { contactId: 'gone' });
    expect([refused.status, types(refused)]).toEqual([404, 'contact-not-found']);
    for (const wrong of [{ contactId: null }, { subject: 'a\r\nBcc: eve@evil.example' }, { text: 1 }])
      expect((await send(li, draftId, wrong)).status).toBe(422);
    // As two cells of a table are copied.
    const copied = { subject: 'My\tgarage' };
    const { status, body } = await li.ask('PUT', 'letters/draft', letter(draftId, copied));
    expect([status, body['subject']]).toEqual([200, 'My garage']);
    expect((await send(li, draftId, copied)).status).toBe(202);
    expect((await submitted(draftId)).mail.text).toContain('My garage');
  });

  it('is not written by who is not signed in, nor by a page elsewhere', async () => {
    const li = await newcomer('who@citizen.example');
    const { draftId } = await begin(li);
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    for (const [method, path, body] of [
      ['PUT', 'letters/draft', {}],
      ['POST', `letters/draft/files?draft=${draftId}`, Buffer.from('x')],
      ['DELETE', `letters/draft?draft=${draftId}`, undefined],
      ['POST', 'letters', letter(draftId)],
    ] as const) {
      const upload = body instanceof Buffer ? asUpload('a', 1) : {};
      expect((await world.browser().ask(method, path, body, upload)).status).toBe(401);
      expect((await li.ask(method, path, body, { ...upload, ...elsewhere })).status).toBe(403);
    }
  });

  it('can also be written by who came by a link', async () => {
    const bo = world.browser();
    await world.signIn(bo, (await world.notified(await world.protectedFor([BO], MAIL))).link, BO);
    const { draftId } = await begin(bo);
    expect((await send(bo, draftId, { contactId: 'general', subject: '' })).status).toBe(202);
    const { event, mail } = await submitted(draftId);
    expect([event.personal?.mailFrom, event.personal?.recipients[0]?.address]).toEqual([
      BO,
      'post@demo.example',
    ]);
    expect(mail.text).not.toContain('Subject:');
  });
});

it('what is not mailed, for there is nobody to write to, uses up nothing of a network', async () => {
  const other = await openMailboxWorld();
  const limited = await other.start({ limits: { codes: 2 } }, { contacts: CONTACTS });
  for (const organisation of ['nobody', 'nobody', 'other', 'without'])
    expect((await other.browser().ask('POST', 'sign-ins', toWrite(KIM, organisation))).status).toBe(404);
  for (const status of [202, 202, 429])
    expect((await other.browser().ask('POST', 'sign-ins', toWrite(KIM))).status).toBe(status);
  await limited.close();
  await other.close();
});

it('no more codes go to newcomers than an organisation sends in ten minutes', async () => {
  const other = await openMailboxWorld();
  const limited = await other.start(
    { limits: { newcomers: 4 }, trustedProxies: ['127.0.0.1', '::1'] },
    { contacts: CONTACTS },
  );
  const askFrom = async (network: string, count: number) => {
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        other.browser().ask('POST', 'sign-ins', toWrite(`${randomUUID()}@x.example`), {
          'X-Forwarded-For': network,
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.filter((answer) => types(answer) !== 'too-many-codes')).toEqual([]);
    return count - refused.length;
  };
  expect(await askFrom('192.0.2.1', 4)).toBe(4);
  // Those that are refused count for nobody, and a neighbour is no other.
  expect(await askFrom('192.0.2.1', 10)).toBe(0);
  expect(await askFrom('192.0.2.2', 10)).toBe(0);
  // Whoever else comes is not shut out by one who asks for many, also of many at once.
  expect(await askFrom('198.51.100.1', 10)).toBe(3);
  expect(await askFrom('198.51.100.2', 1)).toBe(0);
  for (const third of [1, 2, 3, 4]) expect(await askFrom(`203.0.${third}.1`, 3)).toBe(3);
  // So many as five times as much are sent to nobody.
  expect(await askFrom('203.0.5.1', 3)).toBe(1);
  expect(await askFrom('203.0.6.1', 3)).toBe(0);
  // Who was written to comes in all the same.
  const bo = other.browser();
  await other.signIn(bo, (await other.notified(await other.protectedFor([BO], MAIL))).link, BO);
  await limited.close();
  await other.close();
});
