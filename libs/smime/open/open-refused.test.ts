// SPDX-License-Identifier: Apache-2.0
import { context, octetString, oid, sequence, setOf, smallInteger, der } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { entityOf, signEntity, softwareSigner } from '../index.ts';
import { asMessage, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';

const CONTENT = Buffer.from(`Content-Type: text/plain\r\n\r\n${'Some text to read. '.repeat(200)}\r\n`);
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  aske = await workshop.issue(await workshop.authority('Root'));
});
afterAll(() => workshop.close());

describe('is refused', () => {
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
    await expect(openBytes(deeper)).rejects.toMatchObject({ code: 'too-many-layers', layer: 8 });
    await expect(openBytes(deeper, { maxLayers: 2 })).rejects.toMatchObject({
      code: 'too-many-layers',
      layer: 2,
    });
  });

  it('more than 1 MiB of certificates', async () => {
    const cms = Buffer.concat([
      ...[Buffer.from('3080', 'hex'), oid(OID.signedData), Buffer.from('a0803080', 'hex'), smallInteger(1)],
      ...[setOf(sequence(oid(OID.sha256))), sequence(oid(OID.data), der(context(0), octetString(CONTENT)))],
      der(context(0), octetString(Buffer.alloc(2 ** 20))),
    ]);
    await expect(openBytes(cmsMessage(cms))).rejects.toMatchObject({
      name: 'UnopenableMessageError',
      code: 'over-limit',
    });
  });

  it('a content type that is not one of S/MIME', async () => {
    const digested = sequence(oid('1.2.840.113549.1.7.5'), der(context(0), sequence(smallInteger(0))));
    await expect(openBytes(cmsMessage(digested))).rejects.toMatchObject({ code: 'malformed-cms' });
    const long = sequence(oid('1.2.840.113549.1.7.5'), der(context(0), octetString(Buffer.alloc(200))));
    await expect(openBytes(cmsMessage(long))).rejects.toMatchObject({ code: 'unsupported' });
  });
});
