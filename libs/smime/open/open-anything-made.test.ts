// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  type Layer,
  type MimeEntity,
} from '../index.ts';
import {
  anyCanonicalContent,
  anyCipher,
  anyContent,
  anyCuts,
  everyReader,
  everySigner,
  type AnyReader,
  type AnySigner,
} from '../testing/any-message.ts';
import { compressByHand, compressedEntity } from '../testing/compress-by-hand.ts';
import { asMessage, bytesOf, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const signingTime = new Date('2026-03-01T10:20:30Z');
const RUNS = { numRuns: 150 };

let workshop: OpensslWorkshop;
let signers: AnySigner[];
let readers: AnyReader[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  signers = await everySigner(workshop);
  readers = everyReader();
});
afterAll(() => workshop.close());

/** The index of one of them: they are made only after the properties are written down. */
const anyOf = fc.nat(1_000_000);
const at = <T>(values: readonly T[], index: number) => values[index % values.length]!;
const kinds = (layers: readonly Layer[]) => layers.map(({ kind }) => kind);

it('all that is signed here, opaque or detached, by any key, is verified here and comes out as it was', async () => {
  const forms = fc.oneof(
    fc.tuple(fc.constant('opaque' as const), anyContent),
    fc.tuple(fc.constant('detached' as const), anyCanonicalContent),
  );
  await fc.assert(
    fc.asyncProperty(forms, anyOf, anyCuts, async ([form, content], who, cuts) => {
      const signer = softwareSigner(at(signers, who));
      const message = await asMessage(await signEntity(entityOf(content), signer, { signingTime, form }));
      const { kept, layers } = await openBytes(message, {}, ...cuts);
      expect(kept.equals(content)).toBe(true);
      expect(layers).toMatchObject([{ kind: 'signed', form, problems: [] }]);
      expect(signaturesIn(layers)).toMatchObject([{ verified: true, problems: [] }]);
    }),
    RUNS,
  );
});

it('all that is encrypted here, with any cipher, for any keys, is decrypted here by each of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyContent,
      anyCipher,
      fc.array(anyOf, { minLength: 1, maxLength: 4 }),
      anyCuts,
      async (...all) => {
        const [content, contentEncryption, whoever, cuts] = all;
        const chosen = [...new Set(whoever.map((who) => at(readers, who)))];
        const message = await asMessage(
          await encryptEntity(entityOf(content), chosen, { contentEncryption }),
        );
        for (const reader of chosen) {
          const { kept, layers } = await openBytes(
            message,
            { unwrappers: [softwareUnwrapper(reader)] },
            ...cuts,
          );
          expect(kept.equals(content)).toBe(true);
          expect(layers).toMatchObject([{ kind: 'encrypted', contentEncryption, recipients: chosen.length }]);
        }
      },
    ),
    RUNS,
  );
});

it('layers in any order, compressed ones among them, come off one by one', async () => {
  const order = fc.array(fc.constantFrom('signed', 'encrypted', 'compressed'), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      anyContent,
      order,
      anyOf,
      anyOf,
      anyCuts,
      async (content, wanted, signs, reads, cuts) => {
        const signer = softwareSigner(at(signers, signs));
        const reader = at(readers, reads);
        let entity: MimeEntity = entityOf(content);
        for (const kind of wanted.toReversed()) {
          if (kind === 'signed') entity = await signEntity(entity, signer, { signingTime, form: 'opaque' });
          else if (kind === 'encrypted') entity = await encryptEntity(entity, [reader]);
          else
            entity = entityOf(
              compressedEntity(compressByHand(Buffer.concat([await bytesOf(entity), PADDING]))),
            );
        }
        const unwrappers = [softwareUnwrapper(reader)];
        const { kept, layers } = await openBytes(await asMessage(entity), { unwrappers }, ...cuts);
        expect(kinds(layers)).toEqual(wanted);
        expect(kept.subarray(0, content.length).equals(content)).toBe(true);
        expect(signaturesIn(layers).every(({ verified }) => verified)).toBe(true);
      },
    ),
    RUNS,
  );
});

/** A CMS object under 128 octets is not told from text, so what is compressed must not become shorter. */
const PADDING = Buffer.from(Array.from({ length: 60 }, (_, i) => (i * i * i).toString(36)).join('\r\n'));

it('openssl opens a sample of it, too', async () => {
  const authority = await workshop.authority('Another root');
  const [aske, bob]: Identity[] = await Promise.all([
    workshop.issue(authority),
    workshop.issue(authority, {
      key: workshop.P_256,
      extensions: 'keyUsage=digitalSignature,keyAgreement\n',
    }),
  ]);
  const ciphers = fc.constantFrom('aes-256-cbc' as const, 'aes-128-cbc' as const, 'aes-256-gcm' as const);
  await fc.assert(
    fc.asyncProperty(anyContent, ciphers, fc.boolean(), async (content, contentEncryption, curve) => {
      const person = curve ? bob! : aske!;
      const signer = softwareSigner({ key: person.keyPem, certificate: person.certificate });
      const signed = await signEntity(entityOf(content), signer, { signingTime, form: 'opaque' });
      const verified = await workshop.verify(await workshop.save(signed), authority, '-binary');
      expect((await readFile(verified)).equals(content)).toBe(true);
      const encrypted = await encryptEntity(signed, [person.certificate], { contentEncryption });
      const decrypted = await workshop.decrypt(await workshop.save(encrypted), person);
      expect((await readFile(decrypted)).equals(await bytesOf(signed))).toBe(true);
    }),
    { numRuns: 15 },
  );
});
