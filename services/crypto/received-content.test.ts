// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Address, ContentRef, newContentId } from '@securemail/contracts';
import { simpleParser } from 'mailparser';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive, certifyingIn, openIn, type Circumstances } from './testing/received-mail.ts';
import { pkcs7As, SHAPES } from './testing/client-shapes.ts';
import {
  anna,
  bo,
  detachedEntity,
  encryptedEntity,
  mail,
  opaqueEntity,
  TEXT,
} from './testing/received/case.ts';
import { messageAround } from './testing/outside-mail.ts';

let cast: ReceivedCast;
let given: Circumstances;
beforeAll(async () => {
  cast = await createReceivedCast();
  given = certifyingIn(cast.directory);
});
afterAll(() => cast.close());

const arrived = async (message: Buffer | string, more: Partial<Circumstances> = {}) => {
  const { message: bytes, data } = await arrive(message, { ...given, ...more });
  return { data, bytes, mail: await simpleParser(bytes) };
};
const certificates = (found: Awaited<ReturnType<typeof arrived>>) =>
  found.mail.attachments.filter(({ contentType }) => contentType === 'application/pdf').length;

describe('an attachment in binary', () => {
  const octets = Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 7) % 256));
  const whole = Buffer.concat([
    Buffer.from(
      'Content-Type: application/x-any; name=any.bin\nContent-Disposition: attachment; filename=any.bin\nContent-Transfer-Encoding: binary\n\n',
    ),
    octets,
  ]);
  const part = Buffer.concat([
    Buffer.from(`Content-Type: multipart/mixed; boundary=b\n\n--b\n${TEXT.replaceAll('\r\n', '\n')}\n--b\n`),
    whole,
    Buffer.from('\n--b--\n'),
  ]);

  it.each([
    ['the whole content', whole],
    ['a part of it', part],
  ])('as %s arrives intact, encrypted or signed opaquely', async (_, content) => {
    const signed = await cast.cms.sign(content, cast.issued.bo, '-nodetach');
    const sealed = await cast.cms.encrypt(content, [cast.issued.anna]);
    for (const entity of [
      pkcs7As(SHAPES.standard, signed, 'signed-data'),
      pkcs7As(SHAPES.standard, sealed, 'enveloped-data'),
    ]) {
      const { mail: read, bytes } = await arrived(messageAround(entity));
      const found = read.attachments.find(({ filename }) => filename === 'any.bin');
      expect(found?.content.equals(octets)).toBe(true);
      expect(bytes.toString('latin1')).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
    }
  });
});

describe('a copy of hidden header fields in a text (RFC 9788)', () => {
  const protectedText = (...lines: string[]) =>
    `From: Bo <bo@citizen.example>\r\nSubject: Journal\r\nHP-Outer: Subject: [...]\r\n` +
    `Content-Type: text/plain; hp-legacy-display="1"; hp="cipher"\r\n\r\n${lines.join('\r\n')}\r\n`;
  const copied = protectedText('Subject: Journal', '', 'Hello');
  const gcm = (content: Parameters<typeof encryptedEntity>[0]) =>
    encryptedEntity(content, anna, {}, '-aes-256-gcm');
  const outside = { fields: { subject: '[...]' } };

  it.each([
    ['goes where nobody on the way could write it', gcm(copied), 'Hello\n'],
    [
      'goes from a signed text whose signature can not go on',
      encryptedEntity(opaqueEntity(copied.replaceAll('\r\n', '\n'))),
      'Hello\n',
    ],
    [
      'stays in what its reader verifies himself',
      encryptedEntity(detachedEntity(copied)),
      'Subject: Journal\n\nHello\n',
    ],
    [
      'stays where somebody on the way may have written it',
      encryptedEntity(copied),
      'Subject: Journal\n\nHello\n',
    ],
    ['stays where nothing protects it', copied, 'Subject: Journal\n\nHello\n'],
  ])('%s', async (_, entity, text) => {
    const { mail: read, data } = await arrived(await mail(entity, outside)(cast));
    expect(data.unopened).toBeNull();
    expect(read.text).toBe(text);
  });
});

describe('a header that was protected', () => {
  const inside =
    'From: Bo <bo@citizen.example>\r\nSubject: Journal\r\nDisposition-Notification-To: eve@evil.example\r\n' +
    'Reply-To: eve@evil.example\r\nList-Unsubscribe: <https://evil.example/x>\r\n' +
    'Content-Type: text/plain; hp="cipher"\r\n\r\nHello\r\n';
  const outside = { fields: { subject: '[...]' } };
  const fields = async (entity: Parameters<typeof mail>[0]) => {
    const { mail: read } = await arrived(await mail(entity, outside)(cast));
    return ['disposition-notification-to', 'reply-to', 'list'].filter((name) => read.headers.has(name));
  };

  it('sends nothing anywhere where somebody on the way may have written it', async () => {
    const { mail: read } = await arrived(await mail(encryptedEntity(inside), outside)(cast));
    expect(read.subject).toBe('Journal');
    expect(await fields(encryptedEntity(inside))).toEqual([]);
  });

  it('comes whole where nobody could', async () => {
    expect(await fields(encryptedEntity(detachedEntity(inside)))).toHaveLength(3);
  });
});

describe('a subject that a gateway hid beside what its sender’s program signed', () => {
  const beside = 'From: Bo <bo@citizen.example>\r\nSubject: Journal\r\nHP-Outer: Subject: [...]\r\n';
  const outside = { fields: { subject: '[...]' } };

  it.each([
    ['detached', detachedEntity(TEXT, bo, { change: { boundary: 'sender' } })],
    ['opaquely', opaqueEntity(TEXT)],
  ])('is read again where that is opened, and the signature holds: %s', async (_, signed) => {
    const protectedByGateway = async (by: ReceivedCast) => {
      const layer = (await signed(by)).replace('Content-Type: ', `${beside}Content-Type: `);
      const withHp = layer.replace(/^(Content-Type: [a-z0-9/-]+);/m, '$1; hp="cipher";');
      return detachedEntity(withHp)(by);
    };
    const { mail: read, data } = await arrived(
      await mail(encryptedEntity(protectedByGateway), outside)(cast),
    );
    expect(data).toMatchObject({ verdict: 'valid', unopened: null });
    expect(read.subject).toBe('Journal');
    expect(read.text).toContain('Kære Anna');
  });
});

describe('the Signature certificate', () => {
  it('lies beside what was opened', async () => {
    expect(certificates(await arrived(await mail(encryptedEntity(opaqueEntity(TEXT)))(cast)))).toBe(1);
  });

  it('is not around what is encrypted by OpenPGP, which mail programs open only at the top', async () => {
    const entity =
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="pgp"\r\n\r\n' +
      '--pgp\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n' +
      '--pgp\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n--pgp--\r\n';
    const found = await arrived(messageAround(entity));
    expect(found.data.certificate).toBe('left-as-it-came');
    expect(found.bytes.toString('latin1')).toContain(entity);
    expect(found.mail.attachments.some(({ filename }) => filename?.endsWith('.pdf'))).toBe(false);
  });

  it('is not wanted, and what was inside is a message of MIME all the same', async () => {
    for (const entity of [encryptedEntity(TEXT), opaqueEntity(TEXT)]) {
      const { bytes, data } = await arrived(await mail(entity)(cast), { certifying: 'not-wanted' });
      expect(data.certificate).toBe('not-wanted');
      const text = bytes.toString('latin1');
      expect(text.slice(0, text.indexOf('\r\n\r\n')).match(/^MIME-Version: 1.0$/gm)).toHaveLength(1);
    }
  });

  it('is not around what was not opened where that is to be left alone: it is as it came, but for the marks', async () => {
    const message = await mail(encryptedEntity(opaqueEntity(TEXT), ({ issued }) => [issued.lapsed]))(cast);
    const found = await arrived(message, { whenUnopened: 'leave' });
    expect(certificates(found)).toBe(0);
    expect(found.data.certificate).toBe('left-as-it-came');
    const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n'));
    const text = found.bytes.toString('latin1');
    expect(bodyOf(text)).toBe(bodyOf(message));
    expect(text).toMatch(/^Content-Type: application\/pkcs7-mime/m);
    expect(text).toMatch(/^X-SecureMail-Unopened: no-recipient/m);
  });

  it.each([
    ['no-signing-key', 'missing; no-signing-key'],
    ['not-wanted', undefined],
  ] as const)(
    'is told to be missing where it is not for want of wanting it (%s)',
    async (certifying, told) => {
      const found = await arrived(await mail(detachedEntity(TEXT))(cast), { certifying });
      expect(certificates(found)).toBe(0);
      expect(found.data.certificate).toBe(certifying);
      expect(found.mail.headers.get('x-securemail-certificate')).toBe(told);
    },
  );

  it('is told to be there', async () => {
    const found = await arrived(await mail(detachedEntity(TEXT))(cast));
    expect(found.data.certificate).toBe('attached');
    expect(found.mail.headers.get('x-securemail-certificate')).toBeUndefined();
  });

  it('of a mail that comes back again and again is one more each time, and no more', async () => {
    const first = await arrived(await mail(detachedEntity(TEXT))(cast));
    const second = await arrived(first.bytes);
    expect([certificates(first), certificates(second)]).toEqual([1, 2]);
    expect(second.data.verdict).toBe('not-signed');
  });
});

it('a message wrapped for its header arrives without the wrapper', async () => {
  const wrapped = `Content-Type: message/rfc822\r\n\r\nFrom: Bo <bo@citizen.example>\r\nSubject: Within\r\n${TEXT}`;
  const { mail: read } = await arrived(await mail(encryptedEntity(opaqueEntity(wrapped)))(cast), {
    certifying: 'not-wanted',
  });
  expect([read.subject, read.text?.trim(), read.attachments]).toEqual(['Within', 'Kære Anna\n.', []]);
});

it.each([
  ['no body', 'Content-Type: text/plain\r\n\r\n'],
  ['neither body nor header', '\r\n'],
])('a signed content with %s arrives', async (_, entity) => {
  for (const make of [
    detachedEntity(entity),
    opaqueEntity(entity),
    encryptedEntity(opaqueEntity(entity), anna),
  ]) {
    const { data, mail: read } = await arrived(await mail(make)(cast));
    expect(data).toMatchObject({ verdict: 'valid', reservations: [] });
    expect(read.text?.trim() ?? '').toBe('');
  }
});

it('a header of 200 KB arrives, outside and inside', async () => {
  const long = `X-Long: ${'word '.repeat(40_000)}\r\n`;
  const inside = `${long.replace('Long', 'Inside')}From: Bo <bo@citizen.example>\r\nSubject: Within\r\n${TEXT.replace('charset', 'hp="cipher"; charset')}`;
  const message = await mail(encryptedEntity(opaqueEntity(inside)), { fields: { more: long } })(cast);
  const { data, mail: read } = await arrived(message);
  expect(data.verdict).toBe('valid');
  expect(read.subject).toBe('Within');
});

it('a mail of 100 MB streams through', async () => {
  const line = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(1_000));
  async function* long() {
    yield Buffer.from(messageAround('Content-Type: text/plain\r\n\r\n'));
    for (let i = 0; i < 1_300; i += 1) {
      if (i % 50 === 0) await setImmediate();
      yield line;
    }
  }
  const ref = (size: number, digest = createHash('sha256').digest('hex')) =>
    ContentRef.parse({ contentId: newContentId(), size, sha256: digest });
  let [octets, most] = [0, 0];
  const before = process.memoryUsage();
  const vault: Parameters<typeof openIn>[0] = {
    get: long,
    put: async (_owner, content) => {
      octets = 0;
      for await (const chunk of content) {
        octets += chunk.length;
        const { heapUsed, external } = process.memoryUsage();
        most = Math.max(most, heapUsed + external - before.heapUsed - before.external);
      }
      return ref(octets);
    },
  };
  const { event } = await openIn(vault, ref(0), given);
  expect(event.data.verdict).toBe('not-signed');
  expect(octets).toBeGreaterThan(100_000_000);
  expect(most).toBeLessThan(80_000_000);
});

it('nobody in the domain reads what was encrypted for one of its people', async () => {
  const message = await mail(encryptedEntity(opaqueEntity(TEXT)))(cast);
  for (const to of ['ulla@demo.example', 'lapsed@demo.example', 'postmaster@demo.example']) {
    const { data, bytes } = await arrived(message, { to: Address.parse(to) });
    expect(data.unopened).toBe('no-recipient');
    expect(bytes.toString('latin1')).not.toContain('K=C3=A6re');
  }
});
