// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BO, KIM, openMailboxWorld, type Browser, type MailboxWorld } from './testing/running-mailbox.ts';
import { MAIL } from './testing/mails.ts';

let world: MailboxWorld;
let running: { close(): Promise<void> };
let bo: Browser;
let kim: Browser;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start();
  [bo, kim] = [world.browser(), world.browser()];
  const emailId = await world.protectedFor([BO, KIM], MAIL);
  await world.signIn(bo, (await world.notified(emailId, 1)).link, BO);
  await world.signIn(kim, (await world.notified(emailId, 2)).link, KIM);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

interface Listed {
  messageId: string;
  subject: string;
  unread: number;
}
const listed = async (browser: Browser, query = '') =>
  (await browser.ask('GET', `conversations${query}`)).body as unknown as {
    conversations: Listed[];
    next: string | null;
  };
async function depositedFor(message: string | Buffer, to = BO) {
  const emailId = await world.protectedFor([to], message);
  const [deposit] = await world.deposits(emailId);
  return { emailId, messageId: deposit!.data.messageId };
}
const openings = async (emailId: Parameters<MailboxWorld['events']>[0]) =>
  (await world.events(emailId)).filter(({ name }) => name === 'MailboxMessageOpened');

describe('who is signed in', () => {
  it('sees who got a copy', async () => {
    const { messageId } = await depositedFor(
      MAIL.replace('case-1@', 'copies@').replace(
        'Subject:',
        `Cc: Ulla <ulla@citizen.example>, ${BO}\r\nSubject:`,
      ),
    );
    expect((await bo.ask('GET', `messages/${messageId}`)).body['cc']).toEqual([
      { name: 'Ulla', address: 'ulla@citizen.example' },
      { name: '', address: BO },
    ]);
  });

  it('reads what was written to him, with its parts, and nothing in it acts', async () => {
    const { messageId } = await depositedFor(MAIL);
    const { status, body, headers } = await bo.ask('GET', `messages/${messageId}`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({
      subject: 'Afgørelse i din sag',
      from: [{ name: 'Anna Østergaard', address: 'anna@demo.example' }],
      to: [
        { name: 'Bo', address: BO },
        { name: '', address: KIM },
      ],
      date: '2026-11-27T08:30:00.000Z',
      text: expect.stringContaining('Kære Bo, her er afgørelsen.'),
      parts: [
        { ordinal: 1, contentType: 'image/png', size: 8, inline: true },
        { ordinal: 2, filename: 'evil.html', contentType: 'text/html', size: 25, inline: false },
      ],
    });
    expect(body['hasHtml']).toBe(true);
    const frame = await bo.ask('GET', `messages/${messageId}/body`);
    const html = frame.octets.toString();
    const policy = frame.headers.get('content-security-policy') ?? '';
    for (const directive of ["default-src 'none'", "frame-ancestors 'self'", 'sandbox allow-popups '])
      expect(policy).toContain(directive);
    expect(policy).not.toMatch(/allow-(same-origin|scripts|forms)|https?:/);
    expect(html).toContain('<p>Kære <b>Bo</b>, <a href="https://demo.example/sag"');
    expect(html).toContain('<img alt="Våben" src="data:image/png;base64,iVBORw0KGgo=" /><img alt="måler" />');
    expect(html).not.toMatch(/script|onclick|tracker/);
  });

  it('saves parts as what they are, and none of them is part of the site', async () => {
    const { messageId } = await depositedFor(MAIL);
    const picture = await bo.ask('GET', `messages/${messageId}/parts/1`);
    expect([picture.headers.get('content-type'), picture.octets.toString('base64')]).toEqual([
      'image/png',
      'iVBORw0KGgo=',
    ]);
    const page = await bo.ask('GET', `messages/${messageId}/parts/2`);
    expect(page.octets.toString()).toBe('<script>alert(2)</script>');
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    for (const { headers } of [picture, page]) {
      expect(headers.get('content-disposition')).toMatch(
        /^attachment; filename="?(attachment-1\.png|evil\.html)"?$/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('cache-control')).toBe('no-store');
    }
    for (const none of ['0', '3', '-1', '1e3', 'x', '1/2'])
      expect((await bo.ask('GET', `messages/${messageId}/parts/${none}`)).status).toBe(404);
  });

  it('saves the whole of it, octet for octet', async () => {
    const { messageId } = await depositedFor(MAIL);
    const { octets, headers } = await bo.ask('GET', `messages/${messageId}/message.eml`);
    expect(octets.toString()).toBe(MAIL);
    expect(headers.get('content-type')).toBe('message/rfc822');
    expect(headers.get('content-disposition')).toContain(
      "filename*=UTF-8''Afg%C3%B8relse%20i%20din%20sag.eml",
    );
  });

  it('is told that it can be saved, and what stands in the way, by HEAD, which opens nothing', async () => {
    const { emailId, messageId } = await depositedFor(MAIL);
    const paths = ['body', 'parts/1', 'message.eml', 'message.pdf?language=en'];
    const asked = async (browser: Browser, of: string) =>
      await Promise.all(
        paths.map(async (path) => {
          const { status, octets } = await browser.ask('HEAD', `messages/${of}/${path}`);
          expect(octets).toHaveLength(0);
          return status;
        }),
      );
    expect(await asked(bo, messageId)).toEqual([200, 200, 200, 200]);
    expect(await asked(kim, messageId)).toEqual([404, 404, 404, 404]);
    expect(await asked(world.browser(), messageId)).toEqual([401, 401, 401, 401]);
    expect(await openings(emailId)).toHaveLength(0);
    await world.pool.query('update messages set ends_at = now() where message_id = $1', [messageId]);
    expect(await asked(bo, messageId)).toEqual([410, 410, 410, 410]);
  });

  it('has a large part whole, while others read', async () => {
    const large = randomBytes(6 * 1024 * 1024);
    const lines = large.toString('base64').replace(/.{76}/g, '$&\r\n');
    const mail = MAIL.replace(
      'Content-Type: text/html; name=',
      `Content-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n--m\r\nContent-Type: text/html; name=`,
    );
    const { messageId } = await depositedFor(mail);
    const [{ body }, ...parts] = await Promise.all([
      bo.ask('GET', `messages/${messageId}`),
      ...[1, 2, 3].map((ordinal) => bo.ask('GET', `messages/${messageId}/parts/${ordinal}`)),
    ]);
    expect((body['parts'] as { size: number }[]).map(({ size }) => size)).toEqual([8, large.length, 25]);
    const digest = (octets: Buffer) => createHash('sha256').update(octets).digest('hex');
    expect(digest(parts[1]!.octets)).toBe(digest(large));
    expect(parts[2]!.octets.toString()).toBe('<script>alert(2)</script>');
  });

  it('has a list, in pages, the newest first', async () => {
    const subjects = ['one', 'two', 'three', 'four', 'five'];
    const reader = world.browser();
    const to = 'li@citizen.example';
    for (const subject of subjects)
      await depositedFor(MAIL.replace(/^Subject: .*$/m, `Subject: ${subject}`), to as typeof BO);
    const { link } = await world.notified(
      await world.protectedFor([to], MAIL.replace(/^Subject: .*$/m, 'Subject: six')),
    );
    await world.signIn(reader, link, to);
    const first = await listed(reader, '?limit=4');
    expect(first.conversations.map(({ subject }) => subject)).toEqual(['six', 'five', 'four', 'three']);
    const second = await listed(reader, `?limit=4&cursor=${first.next}`);
    expect(second.conversations.map(({ subject }) => subject)).toEqual(['two', 'one']);
    expect(second.next).toBeNull();
    // A year that there is in no calendar of the database.
    const never = { lastAt: '0000-01-01T00:00:00Z', conversationId: randomUUID() };
    for (const cursor of ['x', Buffer.from(JSON.stringify(never)).toString('base64url')])
      expect((await reader.ask('GET', `conversations?cursor=${cursor}`)).body['type']).toBe(
        '/errors/invalid-cursor',
      );
    expect((await reader.ask('GET', 'conversations?limit=1000')).status).toBe(422);
  });
});

describe('that a message was opened', () => {
  it('is said once, and only where who it is for looked into it', async () => {
    const { emailId, messageId } = await depositedFor(MAIL);
    const { link } = await world.notified(emailId);
    // What scanners do: they follow the link, and everything else that they find.
    await world.browser().ask('POST', 'sign-ins', { link });
    await world.browser().ask('GET', `messages/${messageId}`);
    await kim.ask('GET', `messages/${messageId}`);
    const unread = async () =>
      (await listed(bo)).conversations.find((each) => each.messageId === messageId)?.unread;
    expect(await unread()).toBe(1);
    expect(await openings(emailId)).toEqual([]);
    const answers = await Promise.all([1, 2, 3].map(() => bo.ask('GET', `messages/${messageId}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [opened, ...others] = await openings(emailId);
    expect(others).toEqual([]);
    expect(opened).toMatchObject({
      data: { protectedMessageId: 'm1', recipientIds: ['r1'] },
      personal: null,
    });
    expect(await unread()).toBe(0);
  });
});

describe('who has any of a message has opened it', () => {
  it.each(['', '/body', '/parts/1', '/message.eml', '/message.pdf'])('messages/{id}%s', async (path) => {
    const { emailId, messageId } = await depositedFor(MAIL);
    expect((await bo.ask('GET', `messages/${messageId}${path}`)).status).toBe(200);
    expect(await openings(emailId)).toHaveLength(1);
  });

  it('and nobody has what was taken back at that very moment without its sender being told so', async () => {
    for (let times = 0; times < 10; times += 1) {
      const { emailId, messageId } = await depositedFor(MAIL);
      const [deposit] = await world.deposits(emailId);
      const [read, taken] = await Promise.all([
        bo.ask('GET', `messages/${messageId}`),
        kim.ask('POST', `take-backs/${deposit?.personal?.takeBack ?? ''}`),
      ]);
      expect(taken.status).toBe(200);
      expect([200, 410]).toContain(read.status);
      if (read.status === 200) expect(taken.body['openedAt']).not.toBeNull();
    }
  });
});

describe('a message that is not for who reads it', () => {
  it('is closed for good, said so once, and its link leads there no more', async () => {
    const { emailId, messageId } = await depositedFor(MAIL);
    const { link } = await world.notified(emailId);
    await bo.ask('GET', `messages/${messageId}`);
    const path = `messages/${messageId}/decline`;
    expect((await kim.ask('POST', path)).status).toBe(404);
    expect((await world.browser().ask('POST', path)).status).toBe(401);
    expect((await bo.ask('POST', path, undefined, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    const answers = await Promise.all([1, 2, 3].map(() => bo.ask('POST', path)));
    answers.push(await bo.ask('POST', path));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    const declined = (await world.events(emailId)).filter(({ name }) => name === 'MailboxMessageDeclined');
    expect(declined).toMatchObject([
      { data: { protectedMessageId: 'm1', recipientIds: ['r1'] }, personal: null },
    ]);
    for (const each of ['', '/body', '/parts/1', '/message.eml', '/message.pdf'])
      expect((await bo.ask('GET', `messages/${messageId}${each}`)).body['type']).toBe(
        '/errors/mailbox-message-ended',
      );
    expect((await listed(bo)).conversations.map((each) => each.messageId)).not.toContain(messageId);
    expect((await world.browser().ask('POST', 'sign-ins', { link })).status).toBe(410);
  });
});

describe('nobody else', () => {
  const paths = (messageId: string) =>
    ['', '/body', '/parts/1', '/message.eml', '/message.pdf'].map((path) => `messages/${messageId}${path}`);

  it('has it: not who is not signed in, nor who has mail of his own', async () => {
    const { emailId, messageId } = await depositedFor(MAIL);
    for (const path of paths(messageId)) {
      expect((await world.browser().ask('GET', path)).status).toBe(401);
      expect((await kim.ask('GET', path)).status).toBe(404);
    }
    expect((await world.browser().ask('GET', 'conversations')).status).toBe(401);
    expect((await listed(kim)).conversations.map((each) => each.messageId)).not.toContain(messageId);
    expect(await openings(emailId)).toEqual([]);
  });

  it('has it who is the same person to another organisation', async () => {
    const emailId = await world.protectedFor([BO], MAIL, 'mailbox', 'other');
    const [deposit] = await world.deposits(emailId);
    for (const path of paths(deposit!.data.messageId)) expect((await bo.ask('GET', path)).status).toBe(404);
  });

  it('has it by a name that is none', async () => {
    for (const id of ['x', '..%2f..%2f', "'%20or%20true--", '00000000-0000-4000-8000-000000000000'])
      expect((await bo.ask('GET', `messages/${id}`)).status).toBe(404);
  });
});

describe('what is gone', () => {
  it('says so, once its time is over', async () => {
    const { messageId } = await depositedFor(MAIL);
    await world.pool.query('update messages set ends_at = now() where message_id = $1', [messageId]);
    for (const path of ['', '/body', '/parts/1', '/message.eml', '/message.pdf']) {
      const { status, body } = await bo.ask('GET', `messages/${messageId}${path}`);
      expect([status, body['type']]).toEqual([410, '/errors/mailbox-message-ended']);
    }
    expect((await listed(bo)).conversations.map((each) => each.messageId)).not.toContain(messageId);
  });

  it('says so, once it was erased', async () => {
    const { emailId, messageId } = await depositedFor(MAIL);
    await world.vault.erase(emailId);
    let answer = await bo.ask('GET', `messages/${messageId}`);
    for (; answer.status === 200; answer = await bo.ask('GET', `messages/${messageId}`)) await sleep(1_000);
    expect([answer.status, answer.body['type']]).toEqual([410, '/errors/mailbox-message-ended']);
    expect((await listed(bo)).conversations.map((each) => each.messageId)).not.toContain(messageId);
  });
});

it('a picture that a text shows again and again is not shown for ever', async () => {
  const picture = `--b\r\nContent-Type: image/png\r\nContent-ID: <p@demo>\r\nContent-Transfer-Encoding: base64\r\n\r\n${'iVBORw0KGgo='.repeat(300_000)}\r\n`;
  const { messageId } = await depositedFor(
    `Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${'<img src="cid:p@demo" alt="P">'.repeat(1_000)}\r\n${picture}--b--\r\n`,
  );
  const { status, octets } = await bo.ask('GET', `messages/${messageId}/body`);
  expect(status).toBe(200);
  expect(octets.length).toBeLessThan(26_000_000);
  expect(octets.toString()).toContain('<img alt="P" src="data:image/png');
  expect(octets.toString()).toContain('<img alt="P" />');
});

describe('a mail that is nothing to look at', () => {
  it.each([
    ['text alone', 'Subject: s\r\n\r\nJust text', { text: 'Just text', hasHtml: false, parts: [] }],
    ['nothing', 'Subject: s\r\n\r\n', { hasHtml: false, parts: [] }],
    [
      'an attachment alone',
      'Content-Type: application/pdf\r\n\r\n%PDF',
      { hasHtml: false, parts: [{ size: 4 }] },
    ],
    [
      'a broken structure',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nhi',
      { hasHtml: false },
    ],
    [
      'fields that are not what they seem',
      'From: =?x?q?y?=\r\nTo: ,,,\r\nDate: yesterday\r\nSubject:\r\n\r\nhi',
      { subject: '', date: null },
    ],
    [
      'very much HTML',
      `Content-Type: text/html\r\n\r\n${'<p>x</p>'.repeat(300_000)}`,
      { hasHtml: false, hasTooMuchHtml: true, text: expect.stringMatching(/^x\n\nx\n\nx/) },
    ],
    [
      'deep HTML',
      `Content-Type: text/html\r\n\r\n${'<div>'.repeat(50_000)}deep`,
      { hasHtml: false, hasTooMuchHtml: true, text: 'deep' },
    ],
    [
      'HTML alone',
      'Content-Type: text/html\r\n\r\n<p>See <a href="https://demo.example/a?b=1&amp;c=2">this</a></p>',
      { hasHtml: true, hasTooMuchHtml: false, text: 'See this [https://demo.example/a?b=1&c=2]' },
    ],
  ])('is shown all the same: %s', async (_, mail, expected) => {
    const { messageId } = await depositedFor(mail);
    const { status, body } = await bo.ask('GET', `messages/${messageId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });
});
