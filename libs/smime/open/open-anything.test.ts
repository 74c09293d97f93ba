// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import fc from 'fast-check';
import {
  entityOf,
  signThenEncrypt,
  signEntity,
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
  aske = await workshop.issue(await workshop.authority('Root'), { key: workshop.P_256 });
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
});
afterAll(() => workshop.close());

const options = () => ({
  signer: softwareSigner({ key: aske.keyPem, certificate: aske.certificate }),
  signingTime,
  recipients: [aske.certificate],
});

/** The content of a message all of whose signatures are verified; null where it does not open, or they are not. */
async function signedContent(message: Buffer): Promise<Buffer | null> {
  try {
    const { kept, layers } = await openBytes(message, { unwrappers }, 200);
    const signatures = signaturesIn(layers);
    return signatures.length > 0 && signatures.every(({ verified }) => verified) ? kept : null;
  } catch (error) {
    if (error instanceof UnopenableMessageError || error instanceof MalformedMessageError) return null;
    throw error;
  }
}

it('any content in any chunks comes back as it was', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 100 }).map((text) => text.replace(/[\r\n]/g, ''));
  const cuts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 });
  const ciphers = fc.constantFrom('aes-256-cbc', 'aes-128-gcm', 'chacha20-poly1305');
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 50 }),
      cuts,
      ciphers,
      async (text, sizes, contentEncryption) => {
        const content = Buffer.from(`Content-Type: text/plain; charset=utf-8\r\n\r\n${text.join('\r\n')}`);
        const entity = await tripleWrap(entityOf(content), { ...options(), contentEncryption });
        const { kept, layers } = await openBytes(await asMessage(entity), { unwrappers }, ...sizes);
        expect(kept).toEqual(content);
        expect(signaturesIn(layers).map(({ verified }) => verified)).toEqual([true, true]);
      },
    ),
    { numRuns: 100 },
  );
});

it('octets taken out, put in, doubled and moved end in a result or in an error that says so', async () => {
  const messages = [
    await asMessage(await signEntity(entityOf(CONTENT), options().signer, { signingTime })),
    await asMessage(await signEntity(entityOf(CONTENT), options().signer, { signingTime, form: 'opaque' })),
    await asMessage(await signThenEncrypt(entityOf(CONTENT), options())),
  ].flatMap((message) => [message, inBinary(message)]);
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 40 }),
    bytes: fc.uint8Array({ maxLength: 20 }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...messages),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (message, changes) => {
        let changed = message;
        for (const { at, length, bytes, from } of changes) {
          const start = Math.floor(at * changed.length);
          const copied = Math.floor(from * changed.length);
          changed = Buffer.concat([
            changed.subarray(0, start),
            bytes,
            changed.subarray(copied, copied + length),
            changed.subarray(start + length),
          ]);
        }
        const content = await signedContent(changed);
        if (content !== null) expect(content).toEqual(CONTENT);
      },
    ),
    { numRuns: 1500 },
  );
});
