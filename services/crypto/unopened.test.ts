// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { simpleParser } from 'mailparser';
import { createReceivedCast, type ReceivedCast } from './testing/received-cast.ts';
import { arrive, certifyingIn, type Circumstances } from './testing/received-mail.ts';
import { anna, bo, encryptedEntity, mail, opaqueEntity, TEXT } from './testing/received/case.ts';
import { openedBy } from './testing/openssl.ts';

let cast: ReceivedCast;
let given: Circumstances;
beforeAll(async () => {
  cast = await createReceivedCast();
  given = certifyingIn(cast.directory);
});
afterAll(() => cast.close());

const lapsed = ({ issued }: ReceivedCast) => [issued.lapsed];
const forOthers = mail(encryptedEntity(opaqueEntity(TEXT), lapsed));

async function arrived(message: string, more: Partial<Circumstances> = {}) {
  const { data, message: bytes } = await arrive(message, { ...given, ...more });
  const read = await simpleParser(bytes);
  const [attached] = read.attachments.filter(({ contentType }) => contentType === 'message/rfc822');
  return { data, bytes, read, attached: attached?.content ?? Buffer.alloc(0) };
}

const numberOf = (certificatePem: string) => new X509Certificate(certificatePem).serialNumber;

describe('a mail for a key that is not here', () => {
  it.each([
    ['en', 'could NOT be opened', 'Keys that were tried: anna@demo.example'],
    ['da', 'kunne IKKE åbnes', 'Nøgler, der blev prøvet: anna@demo.example'],
    ['de', 'konnte NICHT geöffnet werden', 'Versuchte Schlüssel: anna@demo.example'],
  ] as const)(
    'says in the language of its reader (%s) for which it was, and what to do',
    async (language, ...words) => {
      const { data, read } = await arrived(await forOthers(cast), { language });
      expect(data).toMatchObject({ verdict: 'not-signed', unopened: 'no-recipient' });
      for (const each of words) expect(read.text).toContain(each);
      const { certificatePem } = cast.issued.lapsed;
      expect(read.text).toContain(numberOf(certificatePem));
      expect(read.text).toContain(`CN=${/CN=(.*)/.exec(new X509Certificate(certificatePem).issuer)?.[1]}`);
      expect(read.text).toContain(numberOf(cast.issued.anna.certificatePem));
      expect([read.subject, read.from?.value[0]?.address]).toEqual(['Journal', 'bo@citizen.example']);
    },
  );

  it('lies in it octet for octet, so that whoever has the key opens it', async () => {
    const message = await mail(encryptedEntity(TEXT, lapsed), { fields: { more: 'X-Any: æ\r\n' } })(cast);
    const { attached } = await arrived(message);
    expect(attached.equals(Buffer.from(message))).toBe(true);
    const signedInside = await forOthers(cast);
    const { content } = await openedBy(
      cast.issued.lapsed,
      (await arrived(signedInside)).attached,
      cast.authorityPem,
    );
    expect(content).toBe(TEXT);
  });

  it('carries a Signature certificate that holds, and says the same', async () => {
    const { bytes } = await arrived(await forOthers(cast));
    const trustAnchors = readCertificates(cast.authorityPem);
    const { holds, certificates } = await verifySignatureCertificate({
      file: bytes,
      trustAnchors,
      at: new Date(),
    });
    expect([holds, certificates.length]).toEqual([true, 1]);
    expect(certificates[0]?.facts).toMatchObject({
      summary: { verdict: 'not-signed', arrival: 'smime' },
      reservations: ['not-opened'],
      unopened: {
        code: 'no-recipient',
        encryptedFor: [{ serialNumber: numberOf(cast.issued.lapsed.certificatePem) }],
      },
    });
    const tried = certificates[0]?.facts?.unopened?.tried.flatMap(({ names }) => names);
    expect(tried).toEqual(expect.arrayContaining(['anna@demo.example', 'demo.example']));
  });

  it('tells a key that is named by its identifier, too', async () => {
    const { read } = await arrived(await mail(encryptedEntity(TEXT, lapsed, {}, '-keyid'))(cast));
    expect(read.text).toMatch(/Encrypted for: Key identifier [0-9A-F]{40}/);
  });

  it('comes as it came where the organisation wants that', async () => {
    const message = await forOthers(cast);
    const { bytes, read } = await arrived(message, { whenUnopened: 'leave' });
    expect(bytes.toString('latin1').split('\r\n\r\n')[1]).toBe(message.split('\r\n\r\n')[1]);
    expect(read.headers.get('x-securemail-encrypted-for')).toContain(
      `serial number ${numberOf(cast.issued.lapsed.certificatePem)} of `,
    );
  });
});

it.each([
  [
    'is damaged',
    'decryption-failed',
    'send it again',
    async () => damaged(await mail(encryptedEntity(TEXT, anna, {}, '-aes-256-gcm'))(cast)),
  ],
  [
    'is encrypted too weakly',
    'weak-algorithm',
    'AES',
    () => mail(encryptedEntity(TEXT, anna, {}, '-des3'))(cast),
  ],
  [
    'is no CMS',
    'malformed-cms',
    'another mail program',
    async () => cutOff(await mail(opaqueEntity(TEXT, bo))(cast)),
  ],
  [
    'has nine layers, the outermost an encryption',
    'too-many-layers',
    'in more layers',
    async () => {
      let entity: string | ReturnType<typeof opaqueEntity> = TEXT;
      for (let i = 0; i < 8; i += 1) {
        const inner: string = typeof entity === 'string' ? entity : await entity(cast);
        entity = opaqueEntity(inner);
      }
      return await mail(encryptedEntity(entity))(cast);
    },
  ],
])('a mail that %s says what is to be done', async (_, unopened, words, message) => {
  const { data, read, attached } = await arrived(await message());
  expect(data.unopened).toBe(unopened);
  expect(read.text).toContain(words);
  expect(attached.length).toBeGreaterThan(0);
});

it('a mail for whom there is no key sends him to his administrators', async () => {
  const { read } = await arrived(await forOthers(cast), { to: 'nobody@keyless.example' });
  expect(read.text).toContain('there is no key here for you');
  expect(read.text).not.toContain('Keys that were tried');
});

const damaged = (whole: string) => {
  const at = whole.length - 40;
  return `${whole.slice(0, at)}${whole[at] === 'A' ? 'B' : 'A'}${whole.slice(at + 1)}`;
};
const cutOff = (whole: string) => whole.slice(0, whole.length / 2);
