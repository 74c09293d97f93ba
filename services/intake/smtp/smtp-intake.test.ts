// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { authPlain, dialogue, securedDialogue, type Dialogue } from '../testing/smtp-dialogue.ts';

const MESSAGE =
  'From: anna@demo.example\r\nTo: bo@citizen.example\r\nSubject: [secure] Journal\r\n\r\nDear Bo\r\n';
const LIMIT = 200_000;

let intake: RunningTestIntake;
beforeAll(async () => {
  intake = await startTestIntake({ intake: { maxMessageBytes: LIMIT, maxRecipients: 1_000 } });
});
afterAll(() => intake.close());

/** A client that has said hello inside TLS. */
const secured = (): Promise<Dialogue> => securedDialogue(intake);

/** One that has signed in and named its envelope. */
async function ready(): Promise<Dialogue> {
  const client = await secured();
  expect(await client.say(authPlain('app', intake.key))).toMatch(/^235 /);
  expect(await client.say('MAIL FROM:<anna@demo.example>\r\n')).toMatch(/^250 /);
  expect(await client.say('RCPT TO:<bo@citizen.example>\r\n')).toMatch(/^250 /);
  return client;
}

async function inData(): Promise<Dialogue> {
  const client = await ready();
  expect(await client.say('DATA\r\n')).toMatch(/^354 /);
  return client;
}

const count = async () => (await intake.accepted()).length;

describe('submission', () => {
  it('takes a mail of a stock client, strips its mark, and names the email it became', async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: intake.smtpPort,
      requireTLS: true,
      tls: { ca: intake.authorityPem },
      auth: { user: 'app', pass: intake.key },
    });
    const { response } = await transport.sendMail({
      from: 'anna@demo.example',
      to: 'bo@citizen.example',
      bcc: 'kim@citizen.example',
      subject: '[sikker] Blåbær',
      text: '.first\n..second',
    });
    const event = (await intake.accepted()).at(-1)!;
    expect(response).toBe(`250 2.0.0 Accepted as ${event.emailId}`);
    expect(event.data).toMatchObject({ channel: 'submission', secureBy: 'subject-tag', submittedBy: 'app' });
    expect(event.personal).toMatchObject({
      subject: 'Blåbær',
      recipients: [
        { address: 'bo@citizen.example', disclosed: true },
        { address: 'kim@citizen.example', disclosed: false },
      ],
    });
    const content = await intake.contentOf(event);
    expect(content).toContain('\r\n.first\r\n..second');
    expect(content).toMatch(
      /^Received: from \S+ \(\[127\.0\.0\.1\]\) by gateway\.example\s+\(Secure@Mail\)\s+with\s+ESMTPSA\s+id/,
    );
    expect(content).not.toContain('kim@citizen.example');
  });

  it('notes the digest of what stood between DATA and the dot, and what a list or a program sent', async () => {
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    for (const line of ['MAIL FROM:<anna@demo.example>', 'RCPT TO:<bo@citizen.example>', 'DATA'])
      await client.say(`${line}\r\n`);
    const message = `List-Id: <news.demo.example>\r\n${MESSAGE}`;
    expect(await client.say(`${message.replaceAll('\r\n.', '\r\n..')}.\r\n`)).toMatch(/^250 /);
    client.cut();
    const { data } = (await intake.accepted()).at(-1)!;
    const sha256 = createHash('sha256').update(message).digest('hex');
    expect(data).toMatchObject({ automatic: 'list', handedIn: { size: message.length, sha256 } });
  });

  it('takes neither a key nor a mail before STARTTLS', async () => {
    const client = await dialogue(intake.smtpPort);
    const hello = await client.say('EHLO client.example\r\n');
    expect(hello).toContain('STARTTLS');
    expect(hello).not.toContain('AUTH');
    expect(await client.say(authPlain('app', intake.key))).toMatch(/^5\d\d /);
    expect(await client.say('AUTH LOGIN\r\n')).toMatch(/^5\d\d /);
    expect(await client.say('MAIL FROM:<anna@demo.example>\r\n')).toMatch(/^530 5\.7\.0/);
    client.cut();
    const inTls = await secured();
    expect(await inTls.say('EHLO client.example\r\n')).toMatch(/AUTH PLAIN LOGIN/);
    inTls.cut();
  });

  it.each(['smtpPort', 'inboundPort'] as const)(
    'does not take commands that came in clear before the handshake for commands in TLS (%s)',
    async (port) => {
      const client = await dialogue(intake[port]);
      await client.say('EHLO client.example\r\n');
      await client.say('STARTTLS\r\nMAIL FROM:<evil@demo.example>\r\n');
      await client.startTls(intake.authorityPem).catch(() => undefined);
      expect(await client.rest()).toBe('');
      client.cut();
    },
  );

  it.each([
    ['a wrong key', 'app', () => 'sm_app_wrong'],
    ['a key under another name', 'someone', () => intake.key],
    ['a key that may only read', 'reader', () => intake.readingKey],
  ])('refuses %s', async (_what, user, key) => {
    const client = await secured();
    expect(await client.say(authPlain(user, key()))).toMatch(/^535 5\.7\.8 .*\[unauthenticated\]/);
    expect(await client.say('MAIL FROM:<anna@demo.example>\r\n')).toMatch(/^530 5\.7\.0/);
    client.cut();
  });

  it('refuses a sender that the key is not made for, and no sender at all', async () => {
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    expect(await client.say('MAIL FROM:<>\r\n')).toMatch(/^550 5\.7\.1 .*\[sender-not-allowed\]/);
    await client.say('MAIL FROM:<someone@else.example>\r\n');
    await client.say('RCPT TO:<bo@citizen.example>\r\n');
    await client.say('DATA\r\n');
    expect(await client.say(`${MESSAGE}.\r\n`)).toMatch(/^550 5\.7\.1 .*\[sender-not-allowed\]/);
    client.cut();
  });

  it.each([
    ['somebody else', 'From: ulla@demo.example'],
    ['somebody else beside the sender', 'From: anna@demo.example, ulla@demo.example'],
    ['somebody else in a second field', 'From: anna@demo.example\r\nFrom: ulla@demo.example'],
    ['nobody', 'X-From: anna@demo.example'],
    ['somebody else as who sent it', 'From: anna@demo.example\r\nSender: ulla@demo.example'],
    ['somebody else as who resent it', 'Resent-From: ulla@demo.example\r\nFrom: anna@demo.example'],
  ])('refuses a mail that shows as its author %s, on record without the content', async (_whom, authors) => {
    const client = await secured();
    expect(await client.say(authPlain('anna', intake.annasKey))).toMatch(/^235 /);
    const before = await count();
    const send = async (message: string) => {
      await client.say('MAIL FROM:<anna@demo.example>\r\n');
      await client.say('RCPT TO:<bo@citizen.example>\r\n');
      await client.say('DATA\r\n');
      return client.say(`${message}.\r\n`);
    };
    expect(await send(MESSAGE.replace('From: anna@demo.example', authors))).toMatch(
      /^550 5\.7\.1 .*\[sender-not-allowed\]/,
    );
    expect(await count()).toBe(before);
    expect((await intake.events()).at(-1)).toMatchObject({
      name: 'EmailRefused',
      data: { reason: 'sender-not-allowed', channel: 'submission', submittedBy: 'anna' },
    });
    expect(await send(MESSAGE)).toMatch(/^250 /);
    client.cut();
  });

  it.each([1, 20, 200])('answers a refused message of %i KB, and listens on', async (kilobytes) => {
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    await client.say('MAIL FROM:<someone@else.example>\r\n');
    await client.say('RCPT TO:<bo@citizen.example>\r\n');
    await client.say('DATA\r\n');
    const message = MESSAGE.replace('anna@demo.example', 'someone@else.example');
    client.write(`${message}${`${'x'.repeat(98)}\r\n`.repeat(kilobytes * 10)}`);
    expect(await client.say('.\r\n')).toMatch(/^550 5\.7\.1 .*\[sender-not-allowed\]$/);
    expect(await client.say('NOOP\r\n')).toMatch(/^250 2\.0\.0 /);
    client.cut();
  });

  it('gives every reply one enhanced code (RFC 2034), also those that are not about mail', async () => {
    const client = await secured();
    expect(await client.say('EHLO client.example\r\n')).toMatch(/ENHANCEDSTATUSCODES/);
    expect(await client.say('NONSENSE\r\n')).toMatch(/^500 5\.5\.2 \D/);
    expect(await client.say('DATA\r\n')).toMatch(/^(503 5\.5\.1|530 5\.7\.0) \D/);
    expect(await client.say(authPlain('app', intake.key))).toMatch(/^235 2\.7\.0 \D/);
    expect(await client.say('MAIL FROM:<anna@demo.example>\r\n')).toMatch(/^250 2\.\d\.0 \D/);
    expect(await client.say('RCPT TO:<a b>\r\n')).toMatch(/^553 5\.1\.3 \D.*\[invalid-address\]$/);
    expect(await client.say('RCPT TO:<bo@localhost>\r\n')).toMatch(/^553 5\.1\.3 \D.*\[invalid-address\]$/);
    client.cut();
  });

  it('refuses addresses that are none', async () => {
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    expect(await client.say('MAIL FROM:<anna@localhost>\r\n')).toMatch(/^5\d\d 5\./);
    await client.say('MAIL FROM:<anna@demo.example>\r\n');
    for (const address of [
      'bo',
      'bo@localhost',
      '"b o"@citizen.example',
      'bo@[127.0.0.1]',
      'b\u0000o@citizen.example',
    ]) {
      expect(await client.say(`RCPT TO:<${address}>\r\n`)).toMatch(/^5\d\d /);
    }
    expect(await client.say('DATA\r\n')).toMatch(/^503 /);
    client.cut();
  });

  it('takes a thousand recipients and asks to send the others separately', async () => {
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    await client.say('MAIL FROM:<anna@demo.example>\r\n');
    client.write(Array.from({ length: 10_000 }, (_, index) => `RCPT TO:<p${index}@c.example>\r\n`).join(''));
    const replies: string[] = [];
    for (let index = 0; index < 10_000; index += 1) replies.push((await client.hear()).slice(0, 9));
    expect(replies.filter((reply) => reply.startsWith('250'))).toHaveLength(1_000);
    expect(new Set(replies.slice(1_000))).toEqual(new Set(['452 4.5.3']));
    client.cut();
  });
});

describe('relay', () => {
  it('takes mail of a listed server without signing in, for the tenant’s own senders alone', async () => {
    const relay = await startTestIntake({ relayFrom: ['127.0.0.0/8'] });
    const transport = createTransport({
      host: '127.0.0.1',
      port: relay.smtpPort,
      requireTLS: true,
      tls: { ca: relay.authorityPem },
    });
    await transport.sendMail({
      from: 'anna@demo.example',
      to: 'bo@citizen.example',
      text: 'x',
      headers: { Sensitivity: 'Private' },
    });
    const [event] = await relay.accepted();
    expect(event!.data).toMatchObject({
      channel: 'relay',
      secureBy: 'sensitivity',
      submittedBy: 'relay 127.0.0.1',
    });
    const forwarded = { envelope: { from: 'anna@demo.example', to: 'bo@citizen.example' }, text: 'x' };
    await transport.sendMail({ ...forwarded, from: 'a@else.example' });
    expect(await relay.accepted()).toHaveLength(2);
    await expect(
      transport.sendMail({ from: 'a@else.example', to: 'bo@citizen.example', text: 'x' }),
    ).rejects.toThrow(/5\.7\.1/);
    await relay.close();
  });

  it('refuses a mail that was here before or goes in circles, and tells what it is', async () => {
    const relay = await startTestIntake({ relayFrom: ['127.0.0.1'] });
    const transport = createTransport({
      host: '127.0.0.1',
      port: relay.smtpPort,
      requireTLS: true,
      tls: { ca: relay.authorityPem },
    });
    const envelope = { from: 'anna@demo.example', to: 'bo@citizen.example' };
    const send = (lines: string) => transport.sendMail({ envelope, raw: `${lines}${MESSAGE}` });
    await send('Received: by mx.example; Thu, 01 Jan 2026 00:00:00 +0000\r\n'.repeat(100));
    const first = await relay.contentOf((await relay.accepted())[0]!);
    await expect(transport.sendMail({ envelope, raw: first })).rejects.toThrow(/554 5\.4\.6 .*\[mail-loop\]/);
    await expect(send('X-SecureMail-Id: 1\r\n')).rejects.toThrow(/554 5\.4\.6 .*\[mail-loop\]/);
    await expect(send('Received: by mx.example; now\r\n'.repeat(101))).rejects.toThrow(/\[mail-loop\]/);
    expect(await relay.accepted()).toHaveLength(1);
    await relay.close();
  });

  it('is closed to everybody else', async () => {
    const client = await secured();
    expect(await client.say('MAIL FROM:<anna@demo.example>\r\n')).toMatch(/^530 5\.7\.0/);
    client.cut();
  });

  it('refuses what nobody asked to protect, where the tenant wants it so', async () => {
    const strict = await startTestIntake({
      relayFrom: ['127.0.0.1'],
      tenant: { whenNotAskedSecure: 'refuse' },
    });
    const transport = createTransport({
      host: '127.0.0.1',
      port: strict.smtpPort,
      requireTLS: true,
      tls: { ca: strict.authorityPem },
    });
    const mail = { from: 'anna@demo.example', to: 'bo@citizen.example', text: 'x' };
    await expect(transport.sendMail(mail)).rejects.toThrow(/550 5\.7\.1 .*\[not-secure\]/);
    await transport.sendMail({ ...mail, headers: { 'X-Send-Securely': 'yes' } });
    expect((await strict.events()).map(({ name }) => name)).toEqual(['EmailRefused', 'EmailAccepted']);
    await strict.close();
  });
});

describe('smuggling', () => {
  const SECOND =
    'MAIL FROM:<ulla@demo.example>\r\nRCPT TO:<evil@z.example>\r\nDATA\r\nFrom: ulla@demo.example\r\n\r\nsmuggled\r\n.\r\n';

  it.each(['\n.\r\n', '\r\n.\n', '\n.\n', '\r.\r', '\r\n.\r', '\r.\r\n'])(
    'a mail behind %j is no mail, and the first one is refused',
    async (ending) => {
      const before = await count();
      const client = await inData();
      client.write(`${MESSAGE.trimEnd()}${ending}${SECOND}`);
      expect(await client.hear()).toMatch(/^554 5\.6\.0 .*\[malformed-message\]/);
      await client.rest();
      client.cut();
      expect(await count()).toBe(before);
    },
  );

  it('commands that are pipelined behind the final dot are the next commands, and never content', async () => {
    const before = await count();
    const client = await inData();
    client.write(
      `${MESSAGE}.\r\n${SECOND.replace('ulla@demo.example>', 'anna@demo.example>').replace('evil@z', 'kim@citizen')}`,
    );
    const replies = [await client.hear(), await client.hear(), await client.hear(), await client.hear()];
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '250', '354']);
    expect(await client.hear()).toMatch(/^250 /);
    const accepted = await intake.accepted();
    expect(accepted).toHaveLength(before + 2);
    expect(await intake.contentOf(accepted.at(-2)!)).not.toContain('smuggled');
    client.cut();
  });
});

describe('bad input over SMTP', () => {
  it('a connection that is cut in the middle of the message: nothing is accepted', async () => {
    const before = await count();
    for (const part of [MESSAGE, MESSAGE.slice(0, 20), `${MESSAGE}.`, `${MESSAGE}.\r`]) {
      const client = await inData();
      client.write(part);
      await sleep(100);
      client.cut();
    }
    await sleep(300);
    expect(await count()).toBe(before);
  });

  it.each([
    ['no header', '\r\nDear Bo\r\n.\r\n'],
    ['a header line that is none', `no colon\r\n${MESSAGE}.\r\n`],
    ['a NUL in the header', `${MESSAGE.replace('Journal', 'Jour\u0000nal')}.\r\n`],
    ['nothing at all', '.\r\n'],
  ])('a message with %s', async (_what, message) => {
    const before = await count();
    const client = await inData();
    expect(await client.say(message)).toMatch(/^554 5\.6\.0 .*\[malformed-message\]/);
    expect(await client.say('NOOP\r\n')).toMatch(/^250 /);
    expect(await count()).toBe(before);
    client.cut();
  });

  it('a message over the limit is refused when it says so, and when it only turns out so', async () => {
    const before = await count();
    const client = await secured();
    await client.say(authPlain('app', intake.key));
    expect(await client.say(`MAIL FROM:<anna@demo.example> SIZE=${LIMIT + 1}\r\n`)).toMatch(
      /^552 5\.3\.4 [^.]*:.*\[message-too-large\]$/,
    );
    client.cut();
    const silent = await inData();
    silent.write(MESSAGE);
    for (let index = 0; index < 300; index += 1) silent.write(`${'x'.repeat(998)}\r\n`);
    expect(await silent.say('.\r\n')).toMatch(/^552 5\.3\.4 .*\[message-too-large\]/);
    expect(await silent.say('NOOP\r\n')).toMatch(/^250 /);
    silent.cut();
    expect(await count()).toBe(before);
  });

  it('puts 8-bit subjects and names into encoded words, before anything is signed', async () => {
    const client = await inData();
    const lines = [
      'From: "Søren Ærø" <anna@demo.example>',
      'To: bo@citizen.example',
      'Subject: [secure] Blåbær',
    ];
    expect(await client.say(`${lines.join('\r\n')}\r\n\r\nDear Bo\r\n.\r\n`)).toMatch(/^250 /);
    const event = (await intake.accepted()).at(-1)!;
    expect(event.personal).toMatchObject({ subject: 'Blåbær' });
    const content = await intake.contentOf(event);
    expect(content).not.toMatch(/[^\0-\x7f]/);
    expect(content).toContain('\r\nFrom: =?UTF-8?Q?S=C3=B8ren_=C3=86r=C3=B8?= <anna@demo.example>\r\n');
    client.cut();
  });

  it('keeps 8-bit text and addresses in UTF-8 as they are', async () => {
    const client = await secured();
    const hello = await client.say('EHLO client.example\r\n');
    expect(hello).toMatch(/8BITMIME/);
    expect(hello).toMatch(/SMTPUTF8/);
    await client.say(authPlain('app', intake.key));
    await client.say('MAIL FROM:<anna@demo.example> BODY=8BITMIME SMTPUTF8\r\n');
    expect(await client.say('RCPT TO:<søren@citizen.example>\r\n')).toMatch(/^250 /);
    await client.say('DATA\r\n');
    expect(await client.say(Buffer.from(`${MESSAGE.replace('Dear Bo', 'Kære Bo')}.\r\n`))).toMatch(/^250 /);
    const event = (await intake.accepted()).at(-1)!;
    expect(event.personal!.recipients).toMatchObject([{ address: 'søren@citizen.example' }]);
    expect(Buffer.from(await intake.contentOf(event), 'latin1').toString()).toContain('Kære Bo');
    client.cut();
  });
});

describe('when nothing can be stored', () => {
  it('the sender is asked to come back, keeps its mail, and gets it in later', async () => {
    const before = await count();
    const client = await inData();
    const open = await intake.shutDatabase();
    const reply = await client.say(`${MESSAGE}.\r\n`);
    await open();
    expect(reply).toMatch(/^451 4\.3\.0 .*\[storage-unavailable\]/);
    await client.say('MAIL FROM:<anna@demo.example>\r\n');
    await client.say('RCPT TO:<bo@citizen.example>\r\n');
    await client.say('DATA\r\n');
    expect(await client.say(`${MESSAGE}.\r\n`)).toMatch(/^250 /);
    expect(await count()).toBe(before + 1);
    client.cut();
  });
});
