// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib';
import { OID } from '../asn1/oids.ts';
import {
  compareSenders,
  encryptEntity,
  entityOf,
  signEntity,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  type Unwrapper,
} from '../index.ts';
import { compressByHand, compressedEntity } from '../testing/compress-by-hand.ts';
import { startBouncyCastle } from '../testing/interop/bouncy-castle.ts';
import { bytesOf, asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';

const CONTENT = Buffer.from(`Content-Type: text/plain\r\n\r\n${'Some text to read. '.repeat(20_000)}\r\n`);
const signingTime = new Date('2026-03-01T10:20:30Z');
const MIB = 1024 * 1024;

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  aske = await workshop.issue(await workshop.authority('Root'), { names: 'email:aske@a.example' });
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
});
afterAll(() => workshop.close());

const signer = () => softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
const compressed = (content: Buffer) => entityOf(compressedEntity(compressByHand(content)));
const message = (zlib: Buffer) => cmsMessage(compressByHand(Buffer.alloc(0), { zlib }));
const letters = (count: number) => Buffer.alloc(count, 'a');

describe('compressed content is read', () => {
  it.each([[[1, 2, 3, 500]], [[64 * 1024]], [[4097]]])('in chunks of %j', async (cuts) => {
    const { kept, layers } = await openBytes(await asMessage(compressed(CONTENT)), {}, ...cuts);
    expect(kept.equals(CONTENT)).toBe(true);
    expect(layers).toEqual([{ kind: 'compressed', expandedSize: CONTENT.length, problems: [] }]);
  });

  it('as BouncyCastle compresses it', async () => {
    const bouncyCastle = await startBouncyCastle();
    try {
      const cms = await bouncyCastle.compress(CONTENT);
      expect((await openBytes(cmsMessage(cms), {}, 777)).kept.equals(CONTENT)).toBe(true);
    } finally {
      await bouncyCastle.close();
    }
  });

  it('inside a signature, which is one of the content all the same', async () => {
    const signed = await signEntity(compressed(CONTENT), signer(), { signingTime });
    const opened = await openBytes(await asMessage(signed), {}, 5000);
    expect(opened.kept.equals(CONTENT)).toBe(true);
    expect(opened.layers.map(({ kind }) => kind)).toEqual(['signed', 'compressed']);
    expect(signaturesIn(opened.layers)).toMatchObject([{ verified: true }]);
    expect(compareSenders(opened).problems).toEqual([]);
  });

  it('around a signature, under an encryption: only that signature makes the encryption whole', async () => {
    const signed = compressed(await bytesOf(await signEntity(entityOf(CONTENT), signer(), { signingTime })));
    const both = await openBytes(await asMessage(await encryptEntity(signed, [aske.certificate])), {
      unwrappers,
    });
    expect(both.layers.map(({ kind }) => kind)).toEqual(['encrypted', 'compressed', 'signed']);
    expect(both.layers[0]?.problems).toEqual([]);
    const unsigned = await encryptEntity(compressed(CONTENT), [aske.certificate]);
    const { layers } = await openBytes(await asMessage(unsigned), { unwrappers });
    expect(layers[0]?.problems).toEqual(['unauthenticated-encryption']);
  });
});

describe('compressed content is refused', () => {
  const zlib = deflateSync(CONTENT);
  const changed = (at: number) => {
    const copy = Buffer.from(zlib);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };

  it.each([
    ['with something behind the zlib stream', Buffer.concat([zlib, Buffer.from('x')])],
    ['with much behind the zlib stream', Buffer.concat([zlib, letters(MIB)])],
    ['with another zlib stream behind the first', Buffer.concat([zlib, zlib])],
    ['cut off in its checksum', zlib.subarray(0, -1)],
    ['cut off in the middle', zlib.subarray(0, zlib.length / 2)],
    ['with a wrong checksum', changed(zlib.length - 1)],
    ['with another header', changed(0)],
    ['that is empty', Buffer.alloc(0)],
  ])('%s', async (_name, octets) => {
    for (const cuts of [[1000], [1]]) {
      await expect(openBytes(message(octets), {}, ...cuts)).rejects.toMatchObject({ code: 'malformed-cms' });
    }
  });

  it('that is compressed in another way, or of another type', async () => {
    for (const other of [{ algorithm: OID.sha256 }, { type: OID.signedData }]) {
      const cms = compressByHand(CONTENT, other);
      await expect(openBytes(cmsMessage(cms))).rejects.toMatchObject({ code: 'unsupported' });
    }
  });

  it('that grows more than a hundredfold, once it is over 1 MiB', async () => {
    expect((await openBytes(message(deflateSync(letters(MIB))))).kept).toHaveLength(MIB);
    const bomb = openBytes(message(deflateSync(letters(8 * MIB))));
    await expect(bomb).rejects.toMatchObject({ code: 'over-limit', layer: 0 });
  });

  it('that is longer than the caller allows', async () => {
    const maxExpandedSize = CONTENT.length;
    const opened = await openBytes(message(zlib), { maxExpandedSize });
    expect(opened.kept).toHaveLength(CONTENT.length);
    await expect(openBytes(message(zlib), { maxExpandedSize: CONTENT.length - 1 })).rejects.toMatchObject({
      code: 'over-limit',
    });
  });

  it('that grows in several layers, each within the limits', async () => {
    let bomb: Buffer = letters(12 * MIB);
    for (let i = 0; i < 3; i += 1) bomb = compressedEntity(compressByHand(bomb));
    await expect(openBytes(await asMessage(entityOf(bomb)))).rejects.toMatchObject({ code: 'over-limit' });
  });

  it('inside an encryption, without telling why', async () => {
    const bomb = entityOf(compressedEntity(compressByHand(letters(8 * MIB))));
    const encrypted = await asMessage(await encryptEntity(bomb, [aske.certificate]));
    await expect(openBytes(encrypted, { unwrappers })).rejects.toMatchObject({ code: 'decryption-failed' });
    const signed = await signThenEncrypt(bomb, {
      signer: signer(),
      signingTime,
      recipients: [aske.certificate],
    });
    await expect(openBytes(await asMessage(signed), { unwrappers })).rejects.toMatchObject({
      code: 'decryption-failed',
    });
  });
});
