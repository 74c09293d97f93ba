// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { composeMessage, MalformedMessageError } from '@securemail/mime';
import { memoryInUse } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { entityOf, protectMessage, softwareSigner, type Signer } from '../index.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';

const signingTime = new Date();
let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let bob: Identity;
let signer: Signer;

beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [aske, bob] = await Promise.all([
    workshop.issue(authority, { names: 'email:aske@a.example', subject: '/CN=Aske' }),
    workshop.issue(authority, { names: 'email:bob@b.example', subject: '/CN=Bob' }),
  ]);
  signer = softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
});
afterAll(() => workshop.close());

const message = (...lines: string[]) => entityOf(Buffer.from(lines.join('\r\n')));
const textOf = async (source: { open(): AsyncIterable<Buffer> }) =>
  (await buffer(source.open())).toString('latin1');
const protect = (original: ReturnType<typeof message>, recipients: Identity[]) =>
  protectMessage(original, {
    signer,
    signingTime,
    recipients: recipients.map(({ certificate }) => certificate),
  });
const open = async (file: string, reader: Identity) =>
  readFile(await workshop.verify(await workshop.decrypt(file, reader), authority), 'latin1');

describe('a protected message', () => {
  it('keeps its own fields outside, hides what describes the body, and drops what is nobody’s business', async () => {
    const original = message(
      'Return-Path: <bounces@a.example>',
      'From: Aske <aske@a.example>',
      'To: Bob\r\n <bob@b.example>',
      'Bcc: secret@c.example',
      'Subject: =?utf-8?q?Kl=C3=B8verblad?=',
      'X-SecureMail-Id: forged',
      'MIME-Version: 1.0',
      'Content-Type: text/plain;\r\n\tcharset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      'Content-Language: da',
      '',
      'Hej Bob\r\n',
    );
    const { message: sent, signature, encryption } = await protect(original, [bob]);
    const text = await textOf(sent);
    expect(text.slice(0, text.indexOf('Content-'))).toBe(
      'From: Aske <aske@a.example>\r\nTo: Bob\r\n <bob@b.example>\r\n' +
        'Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\nMIME-Version: 1.0\r\n',
    );
    expect(await open(await workshop.save(sent), bob)).toBe(
      'MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n' +
        'Content-Transfer-Encoding: 8bit\r\nContent-Language: da\r\n\r\nHej Bob\r\n',
    );
    expect(text).toHaveLength(sent.size);
    expect(signature).toEqual({
      algorithm: 'rsassa-pkcs1-v1_5-sha256',
      certificateSha256: aske.certificate.sha256,
    });
    expect(encryption).toEqual({
      algorithm: 'aes-256-cbc',
      keyEncryption: 'rsaes-pkcs1-v1_5',
      certificateSha256: [bob.certificate.sha256],
    });
  });

  it('carries no signature of a server over the body that it replaced', async () => {
    const original = message(
      'Authentication-Results: mx.a.example; dkim=pass',
      'ARC-Seal: i=1; a=rsa-sha256; cv=none; b=AAAA',
      'ARC-Message-Signature: i=1; bh=AAAA;\r\n\tb=AAAA',
      'ARC-Authentication-Results: i=1; mx.a.example; dkim=pass',
      'DKIM-Signature: v=1; d=a.example;\r\n\tbh=AAAA; b=AAAA',
      'DomainKey-Signature: a=rsa-sha1; b=AAAA',
      'From: aske@a.example',
      '',
      'body\r\n',
    );
    for (const recipients of [[bob], []]) {
      const { message: sent } = await protect(original, recipients);
      expect(await textOf(sent)).toMatch(/^From: aske@a\.example\r\nMIME-Version: 1\.0\r\nContent-/);
    }
  });

  it('states the type of a body that came without one', async () => {
    const { message: sent } = await protect(message('From: a@a.example', '', 'plain\r\n'), [bob]);
    const inner = await open(await workshop.save(sent), bob);
    expect(inner).toBe('Content-Type: text/plain; charset=us-ascii\r\n\r\nplain\r\n');
  });

  it('gives an empty body, and a message that is all header, an empty body', async () => {
    for (const original of [message('From: a@a.example', '', ''), message('From: a@a.example', '')]) {
      const { message: sent } = await protect(original, [bob]);
      const inner = await open(await workshop.save(sent), bob);
      expect(inner).toBe('Content-Type: text/plain; charset=us-ascii\r\n\r\n');
    }
  });

  it('has CRLF line ends inside, whatever the body came with', async () => {
    const { message: sent } = await protect(message('From: a@a.example', '', 'a\nb\rc\r\nd'), [bob]);
    expect(await open(await workshop.save(sent), bob)).toMatch(/\r\n\r\na\r\nb\r\nc\r\nd$/);
  });

  it('holds its key once for a certificate that several recipients share', async () => {
    const original = message('From: a@a.example', '', 'body');
    const { message: sent, encryption } = await protect(original, [bob, aske, bob]);
    expect(encryption?.certificateSha256).toEqual([bob.certificate.sha256, aske.certificate.sha256]);
    const file = await workshop.save(sent);
    const printed = (await openssl('cms', '-cmsout', '-print', '-in', file)).toString();
    expect(printed.match(/d\.ktri/g)).toHaveLength(2);
    expect(await open(file, aske)).toMatch(/\r\n\r\nbody$/);
  });

  it('is not made of what is no message', async () => {
    await expect(protect(message('no header at all', ''), [bob])).rejects.toThrow(MalformedMessageError);
  });

  it('is the same each time it is opened', async () => {
    const { message: sent } = await protect(message('From: a@a.example', '', 'once'), [bob]);
    expect(await textOf(sent)).toBe(await textOf(sent));
  });

  it('that is signed only stays readable for every mail program while it is 7-bit, and becomes opaque otherwise', async () => {
    const header = ['From: a@a.example', 'Content-Type: text/plain; charset=utf-8', ''];
    const cases = [
      { body: 'ascii\r\n', type: 'multipart/signed' },
      { body: 'blåbærgrød\r\n', type: 'application/pkcs7-mime; smime-type=signed-data' },
      { body: `${'x'.repeat(998)}\r\n`, type: 'multipart/signed' },
      { body: `${'x'.repeat(999)}\r\n`, type: 'application/pkcs7-mime; smime-type=signed-data' },
    ];
    for (const { body, type } of cases) {
      const { message: sent, encryption } = await protect(message(...header, body), []);
      expect(encryption).toBeNull();
      expect(await textOf(sent)).toContain(`\r\nContent-Type: ${type};`);
      const verified = await readFile(await workshop.verify(await workshop.save(sent), authority), 'utf8');
      expect(verified).toBe(`Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`);
    }
  });

  it.each([
    { way: 'encrypted', recipients: () => [bob] },
    { way: 'signed only', recipients: () => [] },
  ])('($way) with HTML and an attachment is read after a trip over SMTP', async ({ recipients }) => {
    const attachment = { filename: 'påmindelse.bin', contentType: 'application/octet-stream' };
    const content = createHash('sha256').update('seed').digest();
    const composed = await buffer(
      composeMessage({
        from: { address: 'aske@a.example', name: 'Aske Ærø' },
        to: [{ address: 'bob@b.example' }],
        subject: 'Blåbær og grød',
        text: 'Hej Bob\n.\n..\nFrom here on\n',
        html: '<p>Hej Bob</p>',
        attachments: [{ ...attachment, content }],
        date: signingTime,
        messageId: '<1@a.example>',
      }),
    );
    const sent = await protect(entityOf(composed), recipients());
    const received = await workshop.write('received.eml', await overSmtp(sent.message));
    const decrypted = recipients().length > 0 ? await workshop.decrypt(received, bob) : received;
    const mail = await simpleParser(await readFile(await workshop.verify(decrypted, authority)));
    expect(mail.text).toBe('Hej Bob\n.\n..\nFrom here on\n');
    expect(mail.html).toBe('<p>Hej Bob</p>');
    expect(mail.attachments.map(({ filename, content: bytes }) => [filename, bytes])).toEqual([
      [attachment.filename, content],
    ]);
  });
});

/** Sends with nodemailer to a real SMTP server; what that server received. */
async function overSmtp(sent: { open(): AsyncIterable<Buffer> }): Promise<Buffer> {
  const { promise: received, resolve } = Promise.withResolvers<Buffer>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        resolve(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  const transport = createTransport({ host: '127.0.0.1', port });
  const envelope = { from: 'aske@a.example', to: 'bob@b.example' };
  await transport.sendMail({ envelope, raw: Readable.from(sent.open()) });
  transport.close();
  await new Promise<void>((closed) => {
    server.close(closed);
  });
  return received;
}

describe('a message of 60 MB', () => {
  const LINE = Buffer.from(`${'0123456789abcdef'.repeat(4)}\r\n`);
  const CHUNK = Buffer.concat(Array.from({ length: 1000 }, () => LINE));
  const CHUNKS = Math.ceil((60 * 1024 * 1024) / CHUNK.length);
  const HEADER = Buffer.from('From: aske@a.example\r\n\r\n');

  it('needs the memory of a small one, and comes back whole from openssl', async () => {
    const original = {
      // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
      open: async function* () {
        yield HEADER;
        for (let i = 0; i < CHUNKS; i += 1) yield CHUNK;
      },
    };
    const before = memoryInUse();
    let peak = before;
    let chunks = 0;
    const protection = { signer, signingTime, recipients: [bob.certificate] };
    const { message: sent } = await protectMessage(original, protection);
    const watched = {
      open: async function* () {
        for await (const chunk of sent.open()) {
          if (++chunks % 100 === 0) peak = Math.max(peak, memoryInUse());
          yield chunk;
        }
      },
    };
    const file = await workshop.save(watched);
    expect(peak - before).toBeLessThan(16 * 1024 * 1024);

    const expected = createHash('sha256').update('Content-Type: text/plain; charset=us-ascii\r\n\r\n');
    for (let i = 0; i < CHUNKS; i += 1) expected.update(CHUNK);
    const verified = await workshop.verify(await workshop.decrypt(file, bob), authority);
    const actual = createHash('sha256');
    for await (const chunk of createReadStream(verified)) actual.update(chunk as Buffer);
    expect(actual.digest('hex')).toBe(expected.digest('hex'));
  });
});
