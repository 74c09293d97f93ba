// SPDX-License-Identifier: Apache-2.0
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Address, EmailId } from '@securemail/contracts';
import { simpleParser } from 'mailparser';
import { tidy } from './housekeeping.ts';
import { Settings } from './settings.ts';
import { MAIL } from './testing/mails.ts';
import {
  asUpload,
  BO,
  KIM,
  openMailboxWorld,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

let world: MailboxWorld;
let running: { close(): Promise<void> };
let bo: Browser;
let kim: Browser;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start(
    { replies: { maxBytes: 200_000, maxFiles: 3 } },
    { contacts: { general: { name: 'Alt andet', address: 'post@demo.example' } } },
  );
  [bo, kim] = [world.browser(), world.browser()];
  const emailId = await world.protectedFor([BO, KIM], MAIL);
  await world.signIn(bo, (await world.notified(emailId, 1)).link, BO);
  await world.signIn(kim, (await world.notified(emailId, 2)).link, KIM);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const depositedFor = async (message: string, to = BO) => {
  const [deposit] = await world.deposits(await world.protectedFor([to], message));
  return deposit!.data.messageId;
};
/** A mail of its own, so that it begins a conversation. */
const anew = (change: (mail: string) => string = (mail) => mail) =>
  depositedFor(change(MAIL.replace('case-1@', `${randomUUID()}@`)));
interface Draft {
  draftId: string;
  text: string;
  files: { fileId: string; name: string; size: number }[];
}
const begin = async (messageId: string, text?: string, browser = bo): Promise<Draft> => {
  const begun = await browser.ask('PUT', `messages/${messageId}/draft`, {});
  const draft = begun.body as unknown as Draft;
  if (text === undefined) return draft;
  const kept = await browser.ask('PUT', `messages/${messageId}/draft`, { draftId: draft.draftId, text });
  return kept.body as unknown as Draft;
};
const addTo = (messageId: string, draftId: string, name: string, content: Buffer, browser = bo) =>
  browser.ask(
    'POST',
    `messages/${messageId}/draft/files?draft=${draftId}`,
    content,
    asUpload(name, content.length),
  );
const add = async (messageId: string, name: string, content: Buffer) =>
  addTo(messageId, (await begin(messageId)).draftId, name, content);
const send = (messageId: string, draftId: string, text: string, browser = bo) =>
  browser.ask('POST', `messages/${messageId}/replies`, { draftId, text });
const submitted = async (draftId: string) => {
  const [event, ...more] = await world.events(EmailId.parse(draftId));
  if (event?.name !== 'MailboxReplySubmitted' || more.length > 0) throw new Error('not submitted once');
  return { event, mail: await simpleParser(await buffer(world.vault.get(event, event.data.content))) };
};
const contentsOf = async (draftId: string) =>
  (await world.pool.query('select from vault.contents where email_id = $1', [draftId])).rowCount;
const TUS = { 'Tus-Resumable': '1.0.0' };
const types = ({ body }: { body: Record<string, unknown> }) => String(body['type']).replace('/errors/', '');

describe('an answer', () => {
  it('becomes a mail for who wrote, in its thread, with its files octet for octet', async () => {
    const messageId = await depositedFor(
      MAIL.replace('case-1@', 'case-2@').replace('MIME-Version', 'References: <a@x> <b@x>\r\nMIME-Version'),
    );
    const { draftId } = await begin(messageId);
    const picture = randomBytes(70_000);
    expect((await add(messageId, 'Måling æøå.png', picture)).body).toMatchObject({
      name: 'Måling æøå.png',
      size: 70_000,
    });
    await add(messageId, 'note.txt', Buffer.from('one\ntwo\r\nthree'));
    const sent = await send(messageId, draftId, 'Tak.\nHvornår? –');
    expect([sent.status, sent.body['replyId']]).toEqual([202, draftId]);
    const { event, mail } = await submitted(draftId);
    expect(event.data).toMatchObject({ messageId, recipientIds: ['r1'] });
    expect(event.personal).toEqual({
      mailFrom: BO,
      recipients: [{ recipientId: 'r1', address: 'anna@demo.example', disclosed: true }],
    });
    expect([mail.subject, mail.from?.text, mail.inReplyTo, mail.references]).toEqual([
      'SecureMailBox message received',
      BO,
      '<case-2@demo.example>',
      ['<a@x>', '<b@x>', '<case-2@demo.example>'],
    ]);
    expect(mail.text).toContain('Tak.\nHvornår? –');
    expect(mail.text).toContain('Afgørelse i din sag');
    expect(mail.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['Måling æøå.png', 'image/png'],
      ['note.txt', 'text/plain'],
    ]);
    expect(mail.attachments[0]!.content.equals(picture)).toBe(true);
    expect(mail.attachments[1]!.content.toString()).toBe('one\ntwo\r\nthree');
  });

  it('goes to Reply-To where that is of the organisation, and never to anybody outside', async () => {
    const withReplyTo = (address: string) => anew((mail) => `Reply-To: ${address}\r\n${mail}`);
    for (const [replyTo, to] of [
      ['Sag <sager@demo.example>', 'sager@demo.example'],
      ['eve@evil.example', 'anna@demo.example'],
    ] as const) {
      const messageId = await withReplyTo(replyTo);
      const { draftId } = await begin(messageId);
      await send(messageId, draftId, 'x');
      expect((await submitted(draftId)).event.personal?.recipients[0]?.address).toBe(to);
    }
  });

  it('is answered in a conversation that is called as it began, whatever mail programs call the answer', async () => {
    const first = await anew((mail) => mail.replace(/Subject: [^\r]*/, 'Subject: Case 7'));
    const { draftId } = await begin(first);
    await send(first, draftId, 'When?');
    const { mail } = await submitted(draftId);
    const second = await anew((message) =>
      message.replace(
        /Subject: [^\r]*/,
        `Subject: SV: ${mail.subject ?? ''}\r\nIn-Reply-To: ${mail.messageId ?? ''}`,
      ),
    );
    const { body } = await bo.ask('GET', `messages/${second}`);
    expect(body).toMatchObject({ name: 'Case 7', ownSubject: '', isAnswer: true });
    const { body: all } = await bo.ask('GET', 'conversations');
    expect((all['conversations'] as unknown[])[0]).toMatchObject({ messageId: second, subject: 'Case 7' });
    for (const saved of ['message.eml', 'message.pdf?language=en'])
      expect(
        (await bo.ask('GET', `messages/${second}/${saved}`)).headers.get('content-disposition'),
      ).toContain('Case 7.');
    // What has ended says no more what it was about; what its reader wrote himself tells it from others.
    await world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [first]);
    expect((await bo.ask('GET', `messages/${second}`)).body['name']).toBe('When?');
    const { body: later } = await bo.ask('GET', 'conversations');
    expect((later['conversations'] as unknown[])[0]).toMatchObject({ messageId: second, subject: 'When?' });
    expect(
      (await bo.ask('GET', `messages/${second}/message.eml`)).headers.get('content-disposition'),
    ).toContain('When');
    await world.pool.query('delete from replies where reply_id = $1', [draftId]);
    expect((await bo.ask('GET', `messages/${second}`)).body['name']).toBe('');
  });

  it('is answered with a subject that tells more than the name of the conversation, which is said beside it', async () => {
    const first = await anew((mail) => mail.replace(/Subject: [^\r]*/, 'Subject: Case 4711'));
    const { draftId } = await begin(first);
    await send(first, draftId, 'When?');
    const { mail } = await submitted(draftId);
    const answered = (subject: string) =>
      anew((message) =>
        message.replace(/Subject: [^\r]*/, `Subject: ${subject}\r\nIn-Reply-To: ${mail.messageId ?? ''}`),
      );
    for (const [subject, ownSubject] of [
      ['REJECTED: Case 4711', 'REJECTED: Case 4711'],
      ['SV: Case 4711', ''],
    ] as const) {
      const answer = await answered(subject);
      const { body } = await bo.ask('GET', `messages/${answer}`);
      expect(body).toMatchObject({ name: 'Case 4711', ownSubject });
      const { body: all } = await bo.ask('GET', 'conversations');
      expect((all['conversations'] as unknown[])[0]).toMatchObject({ subject: 'Case 4711', ownSubject });
    }
  });

  it('is sent once, however often and however much at once it is asked for', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(messageId, draftId, 'x')));
    answers.push(await send(messageId, draftId, 'x'));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['submittedAt'])}`)).size).toBe(
      1,
    );
    expect(answers[0]!.status).toBe(202);
    await submitted(draftId);
    // The text, the mail, and what its writer sees of it: of one of them.
    expect(await contentsOf(draftId)).toBe(3);
  });

  it('has every file whose adding was confirmed', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    await addTo(messageId, draftId, 'large.bin', Buffer.alloc(150_000));
    // It is not sent as long as of one of them not all has come.
    const sendWhole = async () => {
      for (;;) {
        const sent = await send(messageId, draftId, 'x');
        if (sent.status !== 409) return sent;
        expect(types(sent)).toBe('file-not-whole');
      }
    };
    const [sent, one, two] = await Promise.all([
      sendWhole(),
      addTo(messageId, draftId, 'a.txt', Buffer.from('a')),
      addTo(messageId, draftId, 'b.txt', Buffer.from('b')),
    ]);
    expect(sent.status).toBe(202);
    const confirmed = [one, two].filter(({ status }) => status === 201).map(({ body }) => body['name']);
    const { mail } = await submitted(draftId);
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(
      expect.arrayContaining(['large.bin', ...confirmed]),
    );
  });

  it('takes a file that goes up while somebody tries to send, and is refused for it', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    await world.pool.query(`update drafts set busy_until = now() + interval '1 second' where draft_id = $1`, [
      draftId,
    ]);
    const beginning = addTo(messageId, draftId, 'a.txt', Buffer.from('a'));
    expect([(await beginning).status, types(await beginning)]).toEqual([409, 'draft-being-sent']);
    await world.pool.query('update drafts set busy_until = null where draft_id = $1', [draftId]);
    const upload = await bo.ask('POST', `messages/${messageId}/draft/files?draft=${draftId}`, undefined, {
      ...TUS,
      'Upload-Length': '1',
      'Upload-Metadata': `filename ${Buffer.from('a.txt').toString('base64')}`,
    });
    expect(upload.status).toBe(201);
    await world.pool.query(`update drafts set busy_until = now() + interval '1 second' where draft_id = $1`, [
      draftId,
    ]);
    const { status } = await bo.ask(
      'PATCH',
      `messages/${messageId}/draft/files/${String(upload.body['fileId'])}`,
      Buffer.from('a'),
      {
        ...TUS,
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': '0',
      },
    );
    expect(status).toBe(204);
    expect((await send(messageId, draftId, 'x')).status).toBe(202);
  });

  it('says when it was sent also once what it answers has ended', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    const sent = await send(messageId, draftId, 'x');
    await world.pool.query('update messages set ends_at = now() where message_id = $1', [messageId]);
    expect((await send(messageId, draftId, 'x')).body).toEqual(sent.body);
  });

  it('is still its writer’s once what it answers has ended: kept, found, and nobody else’s', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'before');
    await add(messageId, 'a.txt', Buffer.from('x'));
    const isLeft = async () =>
      ((await bo.ask('GET', 'conversations')).body['left'] as { messageId: string }[]).some(
        (left) => left.messageId === messageId,
      );
    expect(await isLeft()).toBe(false);
    await world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [messageId]);
    expect(await isLeft()).toBe(true);
    const after = await bo.ask('PUT', `messages/${messageId}/draft`, { draftId, text: 'after' });
    expect(after.status).toBe(200);
    const { body } = await bo.ask('GET', `messages/${messageId}/draft`);
    expect(body['draft']).toMatchObject({ draftId, text: 'after', files: [{ name: 'a.txt' }] });
    for (const refused of [
      await send(messageId, draftId, 'after'),
      await bo.ask('PUT', `messages/${messageId}/draft`, {}),
      await addTo(messageId, draftId, 'b.txt', Buffer.from('x')),
    ])
      expect([refused.status, types(refused)]).toEqual([410, 'mailbox-message-ended']);
    for (const [method, path, body] of [
      ['GET', 'draft', undefined],
      ['PUT', 'draft', { draftId, text: 'theirs' }],
      ['DELETE', `draft?draft=${draftId}`, undefined],
      ['POST', 'draft/letter', { draftId }],
    ] as const)
      expect((await kim.ask(method, `messages/${messageId}/${path}`, body)).status).toBe(404);
    expect((await bo.ask('DELETE', `messages/${messageId}/draft?draft=${draftId}`)).status).toBe(204);
    expect(await isLeft()).toBe(false);
    expect(await contentsOf(draftId)).toBe(0);
  });

  it('is come back to by the address alone, also where nothing else is left for that', async () => {
    const address = 'left@citizen.example';
    const sign = async (browser: Browser, count: number) => {
      const { status } = await browser.ask('POST', 'sign-ins', { organisation: 'demo', address });
      expect(status).toBe(202);
      const code = (await world.codesTo(address, count)).at(-1);
      expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
    };
    const own = world.browser();
    const messageId = await depositedFor(MAIL.replace('case-1@', `${randomUUID()}@`), Address.parse(address));
    await sign(own, 1);
    await begin(messageId, 'long thought about', own);
    await world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [messageId]);
    const later = world.browser();
    await sign(later, 2);
    expect((await later.ask('GET', 'conversations')).body).toMatchObject({ left: [{ messageId }] });
    const { body } = await later.ask('GET', `messages/${messageId}/draft`);
    expect(body['draft']).toMatchObject({ text: 'long thought about' });
  });

  it('is kept, and sent, by no page that says to have seen more of it than there can be', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const by = { writer: randomUUID(), seen: 2 ** 31 };
    for (const [method, path] of [
      ['PUT', 'draft'],
      ['POST', 'replies'],
    ] as const) {
      const refused = await bo.ask(method, `messages/${messageId}/${path}`, { draftId, text: 'x', by });
      expect([refused.status, types(refused)]).toEqual([422, 'invalid-request']);
    }
  });

  it('is told of by its conversation, also once more was written in that', async () => {
    const id = `${randomUUID()}@demo.example`;
    const first = await depositedFor(MAIL.replace('case-1@demo.example', id));
    const { draftId } = await begin(first, 'half of it');
    const second = await depositedFor(
      MAIL.replace('case-1@', `${randomUUID()}@`).replace(
        'MIME-Version',
        `In-Reply-To: <${id}>\r\nMIME-Version`,
      ),
    );
    const told = async () => {
      const { conversations } = (await bo.ask('GET', 'conversations')).body as {
        conversations: { messageId: string; draft: { messageId: string } | null }[];
      };
      const listed = conversations.find(({ messageId }) => messageId === second);
      const read = (await bo.ask('GET', `messages/${second}`)).body['draft'] as typeof listed;
      return [listed?.draft?.messageId, read?.messageId];
    };
    expect(await told()).toEqual([first, first]);
    await send(first, draftId, 'all of it');
    expect(await told()).toEqual([undefined, undefined]);
  });

  it('goes on as a letter once what it answers has ended, and where no other is under way', async () => {
    const [first, second, open] = [await anew(), await anew(), await anew()];
    const toLetter = (messageId: string, draftId: string) =>
      bo.ask('POST', `messages/${messageId}/draft/letter`, { draftId });
    const one = await begin(first, 'one');
    await add(first, 'a.txt', Buffer.from('x'));
    const two = await begin(second, 'two');
    const still = await begin(open, 'still open');
    await world.pool.query('update messages set withdrawn_at = now() where message_id = any($1)', [
      [first, second],
    ]);
    expect(types(await toLetter(open, still.draftId))).toBe('invalid-request');
    expect(types(await toLetter(first, two.draftId))).toBe('draft-not-found');
    expect((await toLetter(first, one.draftId)).status).toBe(204);
    const letter = (await bo.ask('GET', 'letters/draft')).body['draft'];
    expect(letter).toMatchObject({ draftId: one.draftId, text: 'one', files: [{ name: 'a.txt' }] });
    expect((await bo.ask('GET', `messages/${first}/draft`)).body).toEqual({ draft: null });
    const taken = await toLetter(second, two.draftId);
    expect([taken.status, types(taken)]).toEqual([409, 'draft-exists']);
    expect((await bo.ask('GET', `messages/${second}/draft`)).body['draft']).toMatchObject({ text: 'two' });
  });

  it('goes on as a letter where one is under way of which nothing is written, and where something is not', async () => {
    const messageId = await depositedFor(MAIL.replace('case-1@', `${randomUUID()}@`), KIM);
    const { draftId } = await begin(messageId, 'goes on', kim);
    await world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [messageId]);
    const toLetter = () => kim.ask('POST', `messages/${messageId}/draft/letter`, { draftId });
    const other = (await kim.ask('PUT', 'letters/draft', {})).body['draftId'];
    const keep = (text: string, subject: string) =>
      kim.ask('PUT', 'letters/draft', { draftId: other, text, subject, contactId: null });
    expect((await keep('', 'A subject')).status).toBe(200);
    expect(types(await toLetter())).toBe('draft-exists');
    expect((await keep(' \n', '')).status).toBe(200);
    await kim.ask(
      'POST',
      `letters/draft/files?draft=${String(other)}`,
      Buffer.from('x'),
      asUpload('a.txt', 1),
    );
    expect(types(await toLetter())).toBe('draft-exists');
    const [file] = ((await kim.ask('GET', 'letters/draft')).body['draft'] as Draft).files;
    await kim.ask('DELETE', `letters/draft/files/${file!.fileId}`, undefined, TUS);
    expect((await toLetter()).status).toBe(204);
    expect((await kim.ask('GET', 'letters/draft')).body['draft']).toMatchObject({ draftId, text: 'goes on' });
    expect(types(await keep('too late', ''))).toBe('draft-not-found');
    await kim.ask('DELETE', `letters/draft?draft=${draftId}`);
  });

  it('is not taken for another one that another page sent before', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'one');
    expect((await send(messageId, draftId, 'one')).status).toBe(202);
    for (const refused of [
      await send(messageId, draftId, 'two'),
      await bo.ask('PUT', `messages/${messageId}/draft`, { draftId, text: 'two' }),
      await addTo(messageId, draftId, 'a.txt', Buffer.from('x')),
    ])
      expect([refused.status, types(refused)]).toEqual([404, 'draft-not-found']);
    expect((await bo.ask('GET', `messages/${messageId}/draft`)).body).toEqual({ draft: null });
    const again = await begin(messageId);
    expect(again.draftId).not.toBe(draftId);
    expect((await send(messageId, again.draftId, 'two')).status).toBe(202);
    expect((await submitted(draftId)).mail.text).toContain('one');
    expect((await submitted(again.draftId)).mail.text).toContain('two');
  });

  it('is not sent empty, nor after it was thrown away', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const empty = await send(messageId, draftId, ' \n ');
    expect([empty.status, types(empty)]).toEqual([422, 'invalid-request']);
    expect((await bo.ask('DELETE', `messages/${messageId}/draft?draft=${draftId}`)).status).toBe(204);
    const gone = await send(messageId, draftId, 'x');
    expect([gone.status, types(gone)]).toEqual([404, 'draft-not-found']);
    expect(await world.events(EmailId.parse(draftId))).toEqual([]);
  });

  it('is nobody else’s, neither to be seen, nor changed, nor sent', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'mine');
    for (const [method, path, body] of [
      ['GET', 'draft', undefined],
      ['PUT', 'draft', { draftId, text: 'theirs' }],
      ['DELETE', `draft?draft=${draftId}`, undefined],
      ['POST', `draft/files?draft=${draftId}`, Buffer.from('x')],
      ['POST', 'replies', { draftId, text: 'x' }],
    ] as const) {
      const refused = await kim.ask(
        method,
        `messages/${messageId}/${path}`,
        body,
        body instanceof Buffer ? asUpload('a.txt', 1) : {},
      );
      expect([refused.status, types(refused)]).toEqual([404, 'mailbox-message-not-found']);
    }
    const own = await depositedFor(MAIL.replace('case-1@', 'kim-1@'), KIM);
    expect((await send(own, draftId, 'x', kim)).status).toBe(404);
    expect(await begin(messageId)).toMatchObject({ draftId, text: 'mine' });
  });

  it('is taken from the pages of SecureMailBox alone', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    for (const [method, path, body] of [
      ['PUT', 'draft', {}],
      ['DELETE', `draft?draft=${draftId}`, undefined],
      ['POST', `draft/files?draft=${draftId}`, Buffer.from('x')],
      ['POST', 'replies', { draftId, text: 'x' }],
    ] as const)
      expect(
        (
          await bo.ask(method, `messages/${messageId}/${path}`, body, {
            ...(body instanceof Buffer ? asUpload('a', 1) : {}),
            ...elsewhere,
          })
        ).status,
      ).toBe(403);
  });
});

describe('an answer under way', () => {
  it('is there again in another browser, with its text and its files', async () => {
    const messageId = await anew();
    expect((await bo.ask('GET', `messages/${messageId}/draft`)).body).toEqual({ draft: null });
    await begin(messageId, 'Kære Anna, første udkast');
    const { draftId } = await begin(messageId, 'Kære Anna, andet udkast');
    await add(messageId, 'a.txt', Buffer.from('a'));
    await add(messageId, 'b.txt', Buffer.from('bb'));
    const other = world.browser();
    await world.signIn(other, (await world.notified(await world.protectedFor([BO], MAIL))).link, BO);
    const { draft } = (await other.ask('GET', `messages/${messageId}/draft`)).body as unknown as {
      draft: Draft;
    };
    expect(draft).toMatchObject({
      draftId,
      text: 'Kære Anna, andet udkast',
      files: [
        { name: 'a.txt', size: 1 },
        { name: 'b.txt', size: 2 },
      ],
    });
    await other.ask('DELETE', `messages/${messageId}/draft/files/${draft.files[0]!.fileId}`, undefined, TUS);
    expect((await begin(messageId)).files.map(({ name }) => name)).toEqual(['b.txt']);
    const { rows } = await world.pool.query<{ row: string }>(
      'select row_to_json(d)::text || row_to_json(f)::text as row from drafts d join draft_files f using (draft_id)',
    );
    for (const { row } of rows) expect(row).not.toMatch(/Anna|udkast|b\.txt/);
  });

  it('takes so many files and so many octets, and says how much that is', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    const large = await add(messageId, 'a.bin', Buffer.alloc(200_001));
    expect([large.status, types(large), large.body['maxBytes']]).toEqual([413, 'reply-too-large', 200_000]);
    const both = await Promise.all(['a', 'b'].map((name) => add(messageId, name, Buffer.alloc(120_000))));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 413]);
    for (const name of ['c', 'd']) expect((await add(messageId, name, Buffer.alloc(1))).status).toBe(201);
    expect(types(await add(messageId, 'e', Buffer.alloc(1)))).toBe('reply-too-large');
    await send(messageId, draftId, '');
    expect((await submitted(draftId)).mail.attachments).toHaveLength(3);
  });

  it('is no place to fill the vault: what was taken out again counts, too', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    const replies = [];
    for (let times = 0; times < 11; times += 1) {
      const added = await addTo(messageId, draftId, 'a.bin', Buffer.alloc(190_000));
      replies.push(added.status);
      await bo.ask(
        'DELETE',
        `messages/${messageId}/draft/files/${String(added.body['fileId'])}`,
        undefined,
        TUS,
      );
    }
    expect(replies).toEqual([...Array<number>(10).fill(201), 413]);
    // Neither what was taken out nor what was refused lies anywhere.
    expect(await contentsOf(draftId)).toBe(0);
  });

  it('takes files whose type some tables know as a multipart', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    for (const name of ['a.gzip', 'a.eml', 'a.gz', 'a.zip']) {
      const added = await add(messageId, name, Buffer.from('Subject: x\r\n\r\nx'));
      expect([name, added.status]).toEqual([name, name === 'a.zip' ? 413 : 201]);
    }
    expect((await send(messageId, draftId, 'x')).status).toBe(202);
    expect((await submitted(draftId)).mail.attachments.map(({ filename }) => filename)).toEqual([
      'a.gzip',
      'a.eml',
      'a.gz',
    ]);
  });

  it('changes in nothing while it is sent, and says so; also for a while after a process ended while it did', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const added = await add(messageId, 'a.txt', Buffer.from('a'));
    await world.pool.query(`update drafts set busy_until = now() + interval '1 minute' where draft_id = $1`, [
      draftId,
    ]);
    const path = `messages/${messageId}/draft`;
    for (const refused of [
      await bo.ask('PUT', path, { draftId, text: 'y' }),
      await bo.ask('DELETE', `${path}?draft=${draftId}`),
      await bo.ask('DELETE', `${path}/files/${String(added.body['fileId'])}`, undefined, TUS),
      await add(messageId, 'b.txt', Buffer.from('b')),
    ])
      expect([refused.status, types(refused)]).toEqual([409, 'draft-being-sent']);
    await world.pool.query(`update drafts set busy_until = now() where draft_id = $1`, [draftId]);
    expect(
      (await bo.ask('DELETE', `${path}/files/${String(added.body['fileId'])}`, undefined, TUS)).status,
    ).toBe(204);
    expect((await send(messageId, draftId, 'x')).status).toBe(202);
    expect((await submitted(draftId)).mail.attachments).toEqual([]);
  });

  it('is not written over by a page that is behind another one', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    const keep = (text: string, writer: string, seen: number) =>
      bo.ask('PUT', `messages/${messageId}/draft`, { draftId, text, by: { writer, seen } });
    const [one, two] = [randomUUID(), randomUUID()];
    expect((await keep('one', one, 0)).body['version']).toBe(1);
    // The same page, before it has heard of the former; and another one that has seen it.
    expect((await keep('one more', one, 0)).body['version']).toBe(2);
    expect((await keep('two', two, 2)).body['version']).toBe(3);
    const refused = await keep('one again', one, 2);
    expect([refused.status, types(refused)]).toEqual([409, 'draft-changed']);
    expect((await begin(messageId)).text).toBe('two');
  });

  it('is not sent by a page that has not seen it as it is, nor with files that this does not show', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    const [desktop, telephone] = [randomUUID(), randomUUID()];
    const keep = (text: string, writer: string, seen: number) =>
      bo.ask('PUT', `messages/${messageId}/draft`, { draftId, text, by: { writer, seen } });
    const sendAs = (text: string, writer: string, seen: number, files: unknown[]) =>
      bo.ask('POST', `messages/${messageId}/replies`, { draftId, text, by: { writer, seen }, files });
    const refused = async (sent: ReturnType<typeof sendAs>) => {
      const answer = await sent;
      expect([answer.status, types(answer)]).toEqual([409, 'draft-changed']);
    };
    await keep('AAA', desktop, 0);
    await keep('AAA, and an hour of work', telephone, 1);
    await refused(sendAs('AAA', desktop, 1, []));
    const { fileId } = (await add(messageId, 'note.txt', Buffer.from('x'))).body;
    // The text as it is, but not the file; and one that is there no more.
    await refused(sendAs('AAA', desktop, 2, []));
    await refused(sendAs('AAA', desktop, 2, [fileId, randomUUID()]));
    await refused(sendAs('AAA', desktop, 1, [fileId]));
    expect(await begin(messageId)).toMatchObject({ text: 'AAA, and an hour of work', files: [{ fileId }] });
    // Whoever knows of both sends what he wants; all who ask for the same at once, and later, are told when that was.
    const all = await Promise.all([1, 2, 3].map(() => sendAs('AAA', desktop, 2, [fileId])));
    all.push(await sendAs('AAA', desktop, 2, [fileId]));
    expect(all.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(all.map(({ body }) => body['submittedAt'])).size).toBe(1);
    const { mail } = await submitted(draftId);
    expect(mail.text).toContain('AAA');
    expect(mail.text).not.toContain('an hour of work');
    expect(mail.attachments).toHaveLength(1);
  });

  it('keeps a text also where files were broken off again and again, and is filled by nothing', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId);
    for (let times = 0; times < 12; times += 1) {
      const refused = await add(
        messageId,
        'x.pdf',
        Buffer.concat([Buffer.from('MZ'), Buffer.alloc(190_000)]),
      );
      expect(refused.status).toBe(422);
    }
    expect((await begin(messageId, 'still kept')).text).toBe('still kept');
    for (const name of ['a', 'b', 'c'])
      expect((await add(messageId, name, Buffer.alloc(0))).status).toBe(201);
    expect((await add(messageId, 'd', Buffer.alloc(0))).status).toBe(413);
    // The text and three files.
    expect(await contentsOf(draftId)).toBe(4);
  });

  it('takes no programs under the name of something else, and takes what it is not sure of', async () => {
    const messageId = await anew();
    const elf = readFileSync(process.execPath).subarray(0, 20_000);
    for (const [name, content] of [
      ['invoice.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(10_000)])],
      ['photo.jpg', elf],
      ['notes.txt', Buffer.from('#!/bin/sh\nrm -rf ~\n')],
    ] as const) {
      const refused = await add(messageId, name, content);
      expect([name, refused.status, types(refused)]).toEqual([name, 422, 'file-refused']);
    }
    for (const [name, content] of [
      ['a.pdf', Buffer.from('%PDF-1.7\n')],
      ['unknown.xyz', randomBytes(5_000)],
      ['empty.txt', Buffer.alloc(0)],
    ] as const) {
      const taken = await add(messageId, name, content);
      expect([name, taken.status, taken.body['size']]).toEqual([name, 201, content.length]);
    }
    // What they are called, and the octets of two. What was refused lies nowhere.
    expect(await contentsOf((await begin(messageId)).draftId)).toBe(5);
  });

  it('takes no programs, however they are called', async () => {
    const messageId = await anew();
    for (const name of [
      'a.exe',
      'A.EXE',
      'a.pdf.js',
      'a.exe.',
      'a.e\u202exe',
      '../a.lnk',
      'a.exe ',
      `${'x'.repeat(115)}.exe.${'y'.repeat(20)}`,
      `${'x'.repeat(115)}.exe ${'y'.repeat(20)}`,
    ]) {
      const refused = await add(messageId, name, Buffer.from('MZ'));
      expect([name, refused.status, types(refused)]).toEqual([name, 422, 'file-refused']);
    }
    expect((await add(messageId, '../../etc/x.pdf', Buffer.from('%PDF'))).body['name']).toBe('etcx.pdf');
  });

  it('is forgotten a day after its last change, and erased', async () => {
    const messageId = await anew();
    const { draftId } = await begin(messageId, 'x');
    const { pool, vault, store } = world;
    const platform = { pool, vault, store };
    const settings = Settings.shape.mailbox.parse(undefined);
    const tidyAfter = async (hours: number) => {
      await world.pool.query(
        'update drafts set changed_at = now() - make_interval(hours => $2) where draft_id = $1',
        [draftId, hours],
      );
      await tidy(platform, settings, new Date());
    };
    await tidyAfter(23);
    expect((await begin(messageId)).draftId).toBe(draftId);
    // It dies between the two: the next one goes on.
    const failing = {
      ...platform,
      vault: { ...world.vault, erase: () => Promise.reject(new Error('gone')) },
    };
    await world.pool.query(`update drafts set changed_at = now() - interval '25 hours' where draft_id = $1`, [
      draftId,
    ]);
    await expect(tidy(failing, settings, new Date())).rejects.toThrow('could not be erased');
    await tidyAfter(25);
    expect((await bo.ask('GET', `messages/${messageId}/draft`)).body).toEqual({ draft: null });
    const { rows } = await world.pool.query('select wrapped from vault.data_keys where email_id = $1', [
      draftId,
    ]);
    expect(rows).toEqual([{ wrapped: null }]);
  });
});

describe('a conversation', () => {
  interface Entry {
    kind: 'message' | 'reply';
    subject?: string;
    text?: string;
  }
  const conversation = async (messageId: string, browser = bo) =>
    (
      (await browser.ask('GET', `messages/${messageId}`)).body as unknown as { conversation: Entry[] }
    ).conversation.map(({ kind, subject, text }) => `${kind}: ${(subject || text) ?? ''}`);
  const mailOf = (subject: string, id: string, answers = '') =>
    `From: anna@demo.example\r\nTo: ${BO}\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n${answers === '' ? '' : `In-Reply-To: ${answers}\r\n`}\r\nx\r\n`;

  it('has ten rounds of answers in it, in their order, and nothing of others', async () => {
    const first = `${randomUUID()}@demo.example`;
    let messageId = await depositedFor(mailOf('round 0', first));
    const begun = messageId;
    await depositedFor(mailOf('another', `${randomUUID()}@demo.example`));
    await depositedFor(mailOf('of Kim', `${randomUUID()}@demo.example`, `<${first}>`), KIM);
    const expected = ['message: round 0'];
    for (let round = 1; round <= 10; round += 1) {
      const { draftId } = await begin(messageId);
      await send(messageId, draftId, `answer ${round}`);
      const { mail } = await submitted(draftId);
      messageId = await depositedFor(
        mailOf(`round ${round}`, `${randomUUID()}@demo.example`, mail.messageId),
      );
      expected.push(`reply: answer ${round}`, `message: round ${round}`);
    }
    expect(await conversation(begun)).toEqual(expected);
    expect(await conversation(messageId)).toEqual(expected);
  });
});
