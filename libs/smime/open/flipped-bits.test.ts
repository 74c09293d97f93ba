// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  UnopenableMessageError,
  type MimeEntity,
  type Unwrapper,
} from '../index.ts';
import { everyReader, everySigner, type AnyReader, type AnySigner } from '../testing/any-message.ts';
import { compressByHand, compressedEntity } from '../testing/compress-by-hand.ts';
import { asMessage, bytesOf, inBinary, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const TEXT = `Subject: Pay\r\nContent-Type: text/plain; hp="cipher"\r\n\r\nPay 100\r\n${'To whom I say so. '.repeat(20)}\r\n`;
const CONTENT = Buffer.from(TEXT);
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let signers: AnySigner[];
let readers: AnyReader[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  signers = await everySigner(workshop);
  readers = everyReader();
});
afterAll(() => workshop.close());

type Wrapping = (entity: MimeEntity, signer: AnySigner, reader: AnyReader) => Promise<MimeEntity>;

const signed =
  (form: 'detached' | 'opaque'): Wrapping =>
  (entity, signer) =>
    signEntity(entity, softwareSigner(signer), { signingTime, form });
const encrypted =
  (contentEncryption: 'aes-256-cbc' | 'aes-256-gcm' | 'chacha20-poly1305'): Wrapping =>
  (entity, _signer, reader) =>
    encryptEntity(entity, [reader], { contentEncryption });
const compressed: Wrapping = async (entity) =>
  entityOf(compressedEntity(compressByHand(await bytesOf(entity))));

/** From the inside out; in each is a signature or a tag, so that somebody is believed. */
const KINDS: [string, readonly Wrapping[]][] = [
  ['a detached signature', [signed('detached')]],
  ['an opaque signature', [signed('opaque')]],
  ['AES-256-GCM', [encrypted('aes-256-gcm')]],
  ['ChaCha20-Poly1305', [encrypted('chacha20-poly1305')]],
  ['a signature in AES-256-CBC', [signed('detached'), encrypted('aes-256-cbc')]],
  ['a signature around AES-256-GCM', [encrypted('aes-256-gcm'), signed('opaque')]],
  ['triple wrapping', [signed('opaque'), encrypted('aes-256-cbc'), signed('detached')]],
  ['compression in a signature', [compressed, signed('opaque')]],
  ['a signature in compression', [signed('opaque'), compressed]],
  ['a signature in compression in AES-256-CBC', [signed('detached'), compressed, encrypted('aes-256-cbc')]],
  ['compression in ChaCha20-Poly1305', [compressed, encrypted('chacha20-poly1305')]],
];

/** What a reader would take for genuine: all signatures are good, and where there is none, a tag was right. */
async function genuine(message: Buffer, unwrappers: readonly Unwrapper[]): Promise<Buffer | null> {
  try {
    const { kept, layers } = await openBytes(message, { unwrappers }, 999);
    const signatures = signaturesIn(layers);
    const sealed = layers.some((layer) => layer.kind === 'encrypted' && layer.authenticated);
    return (signatures.length > 0 ? signatures.every(({ verified }) => verified) : sealed) ? kept : null;
  } catch (error) {
    if (error instanceof UnopenableMessageError || (error as Error).name === 'MalformedMessageError')
      return null;
    throw error;
  }
}

it.each(KINDS)(
  '%s, by any keys, with any one bit flipped is never genuine with another content',
  async (...given) => {
    const [, wrappings] = given;
    const anyIndex = fc.nat(1_000_000);
    await fc.assert(
      fc.asyncProperty(
        anyIndex,
        anyIndex,
        fc.array(anyIndex, { minLength: 20, maxLength: 20 }),
        async (...all) => {
          const [who, whom, flips] = all;
          const signer = signers[who % signers.length]!;
          const reader = readers[whom % readers.length]!;
          const unwrappers = [softwareUnwrapper(reader)];
          let entity: MimeEntity = entityOf(CONTENT);
          for (const wrap of wrappings) entity = await wrap(entity, signer, reader);
          const message = inBinary(await asMessage(entity));
          expect(await genuine(message, unwrappers)).toEqual(CONTENT);
          for (const flip of flips) {
            const changed = Buffer.from(message);
            changed[flip % message.length]! ^= 1 << (flip % 8);
            const content = await genuine(changed, unwrappers);
            if (content !== null) expect(content).toEqual(CONTENT);
          }
        },
      ),
      { numRuns: 12 },
    );
  },
);
