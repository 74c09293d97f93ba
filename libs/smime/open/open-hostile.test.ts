// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import {
  encryptEntity,
  entityOf,
  signEntity,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  tripleWrap,
  UnopenableMessageError,
  type Unwrapper,
} from '../index.ts';
import { asMessage, inBinary, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  const authority = await workshop.authority('Root');
  aske = await workshop.issue(authority);
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
});
afterAll(() => workshop.close());

const signer = () => softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
const signed = (form: 'detached' | 'opaque', content = CONTENT) =>
  signEntity(entityOf(content), signer(), { signingTime, form });
const encrypted = (
  contentEncryption: 'aes-256-cbc' | 'aes-256-gcm' | 'chacha20-poly1305',
  content = CONTENT,
) => encryptEntity(entityOf(content), [aske.certificate], { contentEncryption });

/** What a reader would take for genuine: the content, where all signatures are verified or a tag was right. */
async function genuine(message: Buffer): Promise<Buffer | null> {
  try {
    const { kept, layers } = await openBytes(message, { unwrappers }, 999);
    const signatures = signaturesIn(layers);
    const authentic =
      signatures.length > 0
        ? signatures.every(({ verified }) => verified)
        : layers.some((layer) => layer.kind === 'encrypted' && layer.authenticated);
    return authentic ? kept : null;
  } catch (error) {
    if (error instanceof UnopenableMessageError || (error as Error).name === 'MalformedMessageError')
      return null;
    throw error;
  }
}

const MESSAGES: [string, () => Promise<Buffer>][] = [
  ['a detached signature', async () => asMessage(await signed('detached'))],
  ['an opaque signature', async () => inBinary(await asMessage(await signed('opaque')))],
  ['AES-256-GCM', async () => inBinary(await asMessage(await encrypted('aes-256-gcm')))],
  ['ChaCha20-Poly1305', async () => inBinary(await asMessage(await encrypted('chacha20-poly1305')))],
  [
    'a signature in AES-256-CBC',
    async () => {
      const options = { signer: signer(), signingTime, recipients: [aske.certificate] };
      return inBinary(await asMessage(await signThenEncrypt(entityOf(CONTENT), options)));
    },
  ],
];

describe.each(MESSAGES)('%s', (_name, make) => {
  it('cut off after any octet is never taken for genuine with another content', async () => {
    const message = await make();
    for (let length = 0; length < message.length; length += 1) {
      const content = await genuine(message.subarray(0, length));
      if (content !== null) expect(content).toEqual(CONTENT);
    }
    expect(await genuine(message)).toEqual(CONTENT);
  });

  it('with any one bit flipped is never taken for genuine with another content', async () => {
    const message = await make();
    for (let at = 0; at < message.length; at += 1) {
      const changed = Buffer.from(message);
      changed[at]! ^= 1 << ((at * 5) % 8);
      const content = await genuine(changed);
      if (content !== null) expect(content).toEqual(CONTENT);
    }
  });
});

it('a longer triple wrapped message with a few bits flipped is never taken for genuine with another content', async () => {
  const content = Buffer.from(`Content-Type: text/plain\r\n\r\n${'A longer text.\r\n'.repeat(2000)}`);
  const options = { signer: signer(), signingTime, recipients: [aske.certificate] };
  const message = await asMessage(await tripleWrap(entityOf(content), options));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 40, max: message.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      async (at, bit) => {
        const changed = Buffer.from(message);
        changed[at]! ^= 1 << bit;
        const result = await genuine(changed);
        if (result !== null) expect(result.equals(content)).toBe(true);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});
