// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { missing } from '@securemail/testing';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { readEntity } from '../verify/mime-tree.ts';
import { organisation } from '../testing/organisation.ts';
import { chunks, MAIL, wrapped } from '../testing/wrapped.ts';
import { attachSignatureCertificate } from './attach.ts';
import { digestOfEntity } from './digest-of-entity.ts';

const run = promisify(execFile);
const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);
const { signer } = organisation();
const certificate = {
  filename: 'Signature certificate.pdf',
  pdf: Buffer.from('%PDF-1.7\nno more than this'),
};
const attach = (message: Buffer | string, size?: number) =>
  buffer(attachSignatureCertificate(chunks(Buffer.from(message), size), certificate));

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const HEADER = 'From: a@demo.example\r\nSubject: S\r\n';

/** A message, and the entity that has to come out as the first part. */
const CASES: [name: string, message: string | Buffer, entity: string | Buffer][] = [
  ['of text', MAIL, MAIL.slice(MAIL.indexOf('Content-Type'))],
  ['without any MIME', `${HEADER}\r\nHello\r\n`, '\r\nHello\r\n'],
  ['that ends within a line', `${HEADER}\r\nHello`, '\r\nHello'],
  ['with an empty body', `${HEADER}\r\n`, '\r\n'],
  ['that is all header', HEADER, '\r\n'],
  ['with a body of nothing but a line end', `${HEADER}\r\n\r\n`, '\r\n\r\n'],
  [
    'with lone line feeds',
    'From: a@demo.example\nContent-Type: text/html\n\nHello\n\nagain\n',
    'Content-Type: text/html\r\n\r\nHello\r\n\r\nagain\r\n',
  ],
  ['with lone carriage returns in it', `${HEADER}\r\nHello\ragain\r`, '\r\nHello\r\nagain\r\n'],
  [
    'with octets of every kind',
    Buffer.concat([Buffer.from(`${HEADER}\r\n`), Buffer.from([0, 255, 128, 46])]),
    Buffer.from([13, 10, 0, 255, 128, 46]),
  ],
  [
    'with folded fields of the body',
    `Content-Type: multipart/mixed;\r\n\tboundary=x\r\n${HEADER}content-language: da\r\nMime-Version: 1.0\r\n\r\n--x--`,
    'Content-Type: multipart/mixed;\r\n\tboundary=x\r\ncontent-language: da\r\n\r\n--x--',
  ],
  ['with 100 KB of header', `X-Long: ${'word '.repeat(25_000)}\r\n${HEADER}\r\nHello\r\n`, '\r\nHello\r\n'],
];

describe('a message', () => {
  it.each(CASES)('%s is the first part, octet for octet, and has the digest', async (_, message, entity) => {
    const mail = readEntity(await attach(message));
    const [first, second] = mail.parts;
    expect(mail.type).toBe('multipart/mixed');
    expect(mail.parts).toHaveLength(2);
    expect(first!.octets.equals(Buffer.from(entity))).toBe(true);
    expect(second!.type).toBe('application/pdf');
    expect(await digestOfEntity(chunks(Buffer.from(message)))).toEqual({
      sha256: sha256(first!.octets),
      octets: first!.octets.length,
    });
  });

  it('of any content comes out the same, however it is cut, and each time', async () => {
    const field = fc.constantFrom(
      'Subject: x',
      'Content-Type: text/html',
      'Content-ID: <a@b>',
      'Mime-Version: 1.0',
      'X-Content: y',
    );
    const line = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((octets) => Buffer.from(octets)),
      fc.constantFrom('--', '--=_', '--x', '').map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(field),
        fc.array(line),
        fc.constantFrom('\r\n', '\n', '\r'),
        fc.integer({ min: 1, max: 50 }),
        async (fields, lines, end, size) => {
          const header = Buffer.from(['From: a@b.example', ...fields, '', ''].join('\r\n'));
          const body = Buffer.concat(lines.map((each) => Buffer.concat([each, Buffer.from(end)])));
          const message = Buffer.concat([header, body]);
          const mail = await attach(message);
          expect((await attach(message, size)).equals(mail)).toBe(true);
          const tree = readEntity(mail);
          const [first] = tree.parts;
          expect(await digestOfEntity(chunks(message, size))).toEqual({
            sha256: sha256(first!.octets),
            octets: first!.octets.length,
          });
          expect(first!.body.toString('latin1')).toBe(body.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'));
          expect(tree.header.fields.filter(({ name }) => /^mime-version$/i.test(name))).toHaveLength(1);
          expect(tree.header.get('X-Content')).toBe(fields.includes('X-Content: y') ? 'y' : undefined);
        },
      ),
    );
  });

  it('keeps what stands outside in its order', async () => {
    const { header } = readEntity(await attach(MAIL));
    const before = MAIL.slice(0, MAIL.indexOf('MIME-Version'));
    expect(header.toBuffer().toString().startsWith(before)).toBe(true);
    expect(header.get('Content-Transfer-Encoding')).toBe('8bit');
  });

  it('that says nothing of an encoding of its own says nothing of one around it', async () => {
    const { header } = readEntity(await attach(`Content-Transfer-Encoding: base64\r\n${HEADER}\r\nSGVq\r\n`));
    expect(header.get('Content-Transfer-Encoding')).toBeUndefined();
  });

  it('of 150 MB needs the memory of a small one', async () => {
    const block = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(1000));
    async function* long() {
      yield await Promise.resolve(Buffer.from(`${HEADER}\r\n`));
      for (let i = 0; i < 2_000; i += 1) yield block;
    }
    const before = process.memoryUsage();
    let octets = 0;
    let most = 0;
    for await (const chunk of attachSignatureCertificate(long(), certificate)) {
      octets += (chunk as Buffer).length;
      const now = process.memoryUsage();
      most = Math.max(most, now.heapUsed + now.external - before.heapUsed - before.external);
    }
    expect(octets).toBeGreaterThan(150_000_000);
    expect(most).toBeLessThan(100_000_000);
  });

  it('without a readable header is refused, and its source closed', async () => {
    let closed = false;
    async function* source() {
      try {
        yield await Promise.resolve(Buffer.from('no field\r\n\r\n'));
        yield await Promise.resolve(Buffer.from('more'));
      } finally {
        closed = true;
      }
    }
    await expect(buffer(attachSignatureCertificate(source(), certificate))).rejects.toMatchObject({
      code: 'bad-field',
    });
    expect(closed).toBe(true);
  });
});

describe('other programs', () => {
  const NESTED = `From: Anna <anna@demo.example>\r\nSubject: =?utf-8?q?Bl=C3=A5b=C3=A6r?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hej</p>\r\n--b--\r\n`;

  it.each(['en', 'da', 'de'] as const)(
    'see the text as before, and a document named in %s',
    async (language) => {
      const { mail, certificate: made } = await wrapped(NESTED, signer, { language });
      const postal = await PostalMime.parse(mail);
      expect([postal.subject, postal.text?.trim(), postal.html?.trim()]).toEqual([
        'Blåbær',
        'Hej',
        '<p>Hej</p>',
      ]);
      const parsed = await simpleParser(mail);
      expect([parsed.subject, parsed.text?.trim()]).toEqual(['Blåbær', 'Hej']);
      expect(parsed.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
        [made.filename, 'application/pdf'],
      ]);
      expect(parsed.attachments[0]!.content.equals(made.pdf)).toBe(true);
    },
  );

  it('read a part without a header as plain text', async () => {
    const { mail } = await wrapped(`${HEADER}\r\nHello there\r\n`, signer);
    expect((await PostalMime.parse(mail)).text?.trim()).toBe('Hello there');
    expect((await simpleParser(mail)).text?.trim()).toBe('Hello there');
  });

  if (!hasPython) missing('python3', 'apt-get install python3');
  else
    it('written in Python find no defect', async () => {
      const script = `
import sys, email, email.policy, json
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
parts = list(m.iter_parts())
print(json.dumps([m['subject'], [p.get_content_type() for p in parts], parts[1].get_filename(),
  sum(len(p.defects) for p in m.walk()), len(parts[1].get_content())]))`;
      const { mail, certificate: made } = await wrapped(NESTED, signer, { language: 'de' });
      const child = run('python3', ['-c', script]);
      child.child.stdin?.end(mail);
      expect(JSON.parse((await child).stdout)).toEqual([
        'Blåbær',
        ['multipart/alternative', 'application/pdf'],
        made.filename,
        0,
        made.pdf.length,
      ]);
    });
});

describe('a message that openssl signed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signature-certificate-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is still verified by it, as the first part', async () => {
    const path = (name: string) => join(folder, name);
    const subject = [
      '-subj',
      '/CN=Bo',
      '-addext',
      'keyUsage=digitalSignature',
      '-addext',
      'extendedKeyUsage=emailProtection',
    ];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      path('key'),
      '-out',
      path('cert'),
      ...subject,
    ]);
    await writeFile(path('text'), 'Content-Type: text/plain; charset=utf-8\r\n\r\nKære Anna \r\n\r\n');
    const files = [
      '-in',
      path('text'),
      '-signer',
      path('cert'),
      '-inkey',
      path('key'),
      '-out',
      path('signed'),
    ];
    await run('openssl', ['cms', '-sign', '-md', 'sha256', ...files]);
    const signed = Buffer.concat([Buffer.from('From: bo@citizen.example\n'), await readFile(path('signed'))]);
    const { mail } = await wrapped(signed, signer);
    const [first] = readEntity(mail).parts;
    expect(first!.type).toBe('multipart/signed');
    await writeFile(path('part'), first!.octets);
    const { stderr } = await run('openssl', [
      'cms',
      '-verify',
      '-in',
      path('part'),
      '-CAfile',
      path('cert'),
      '-out',
      path('content'),
    ]);
    expect(stderr).toMatch(/successful/i);
    expect(await readFile(path('content'), 'utf8')).toContain('Kære Anna');
  });
});
