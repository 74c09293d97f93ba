// SPDX-License-Identifier: Apache-2.0
import { context, derHeader, octetString, oid, sequence, setOf, smallInteger, der } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  type Unwrapper,
} from '../index.ts';
import { cmsOf } from '../testing/cms-of.ts';
import { asMessage, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';
import { base64In, withHeader } from '../testing/wrapped-oddly.ts';

const CONTENT = Buffer.from(`Content-Type: text/plain\r\n\r\n${'Some text to read. '.repeat(200)}\r\n`);
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
let cms: Buffer;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  aske = await workshop.issue(await workshop.authority('Root'));
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
  cms = await cmsOf(
    await encryptEntity(entityOf(CONTENT), [aske.certificate], { contentEncryption: 'aes-256-gcm' }),
  );
});
afterAll(() => workshop.close());

const lines = (width?: number, lineEnd?: string) => base64In(cms, width, lineEnd);
const opened = (message: Buffer) => openBytes(message, { unwrappers }, 100, 1, 33);

describe('is refused', () => {
  it('a message with two Content-Types, one of them of S/MIME', async () => {
    const header = 'Content-Type: text/plain\r\nContent-Type: application/pkcs7-mime';
    await expect(opened(withHeader(header, lines()))).rejects.toMatchObject({ code: 'ambiguous-header' });
  });

  it('a message without a header', async () => {
    for (const text of ['', '\r\nHi\r\n', 'Hi']) {
      await expect(openBytes(Buffer.from(text))).rejects.toMatchObject({ name: 'MalformedMessageError' });
    }
  });

  it('a message with more layers than any honest one', async () => {
    const signer = softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
    let entity = entityOf(CONTENT);
    for (let i = 0; i < 8; i += 1) entity = await signEntity(entity, signer, { signingTime });
    expect((await openBytes(await asMessage(entity))).layers).toHaveLength(8);
    const deeper = await asMessage(await signEntity(entity, signer, { signingTime }));
    await expect(openBytes(deeper)).rejects.toMatchObject({ code: 'over-limit', layer: 8 });
    await expect(openBytes(deeper, { maxLayers: 2 })).rejects.toMatchObject({ code: 'over-limit', layer: 2 });
  });

  it.each<[string, string, () => Buffer]>([
    [
      'over-limit',
      'certificates of more than 1 MiB',
      () => bomb(der(context(0), octetString(Buffer.alloc(2 ** 20)))),
    ],
    [
      'over-limit',
      'certificates that are announced as a gigabyte',
      () => bomb(derHeader(context(0), 2 ** 30)),
    ],
    ['over-limit', 'certificates nested without end', () => bomb(Buffer.from('a080'.repeat(100_000), 'hex'))],
    ['malformed-cms', 'a negative length', () => bomb(Buffer.from('a088ffffffffffffffff', 'hex'))],
    ['malformed-cms', 'something else', () => Buffer.from('308004800000', 'hex')],
  ])('%s: %s', async (code, _name, make) => {
    await expect(openBytes(cmsMessage(make()))).rejects.toMatchObject({
      name: 'UnopenableMessageError',
      code,
    });
  });

  it('a content type that is not one of S/MIME', async () => {
    const digested = sequence(oid('1.2.840.113549.1.7.5'), der(context(0), sequence(smallInteger(0))));
    await expect(openBytes(cmsMessage(digested))).rejects.toMatchObject({ code: 'malformed-cms' });
    const long = sequence(oid('1.2.840.113549.1.7.5'), der(context(0), octetString(Buffer.alloc(200))));
    await expect(openBytes(cmsMessage(long))).rejects.toMatchObject({ code: 'unsupported' });
  });
});

/** A SignedData of indefinite length whose certificates are these. */
const bomb = (certificates: Buffer) =>
  Buffer.concat([
    Buffer.from('3080', 'hex'),
    oid(OID.signedData),
    Buffer.from('a0803080', 'hex'),
    smallInteger(1),
    setOf(sequence(oid(OID.sha256))),
    sequence(oid(OID.data), der(context(0), octetString(CONTENT))),
    certificates,
  ]);
