// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  tripleWrap,
  type MimeEntity,
} from '../index.ts';
import { asMessage, bytesOf, openBytes } from '../testing/opening.ts';
import { cmsMessage, signByHand } from '../testing/sign-by-hand.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const signingTime = new Date('2026-03-01T10:20:30Z');
const CONTENT = Buffer.from(`Content-Type: text/plain\r\n\r\n${'One line of many.\r\n'.repeat(20_000)}`);
const CUTS = [[64 * 1024], [1, 2, 3, 500, 7_001]];

let workshop: OpensslWorkshop;
let root: Identity;
let aske: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  root = await workshop.authority('Root');
  aske = await workshop.issue(root);
});
afterAll(() => workshop.close());

const signer = () => softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
const sign = (entity: MimeEntity, form: 'detached' | 'opaque') =>
  signEntity(entity, signer(), { signingTime, form });
const encrypt = (entity: MimeEntity) =>
  encryptEntity(entity, [aske.certificate], { contentEncryption: 'aes-256-cbc' });
const open = async (message: Buffer, cuts: number[]) =>
  openBytes(
    message,
    {
      unwrappers: [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })],
      keepSigned: true,
    },
    ...cuts,
  );

describe.each(CUTS.map((cuts) => [cuts]))('where signatures are to be kept, in chunks of %j', (cuts) => {
  it('a message that is signed in the clear is kept as it is', async () => {
    const message = await asMessage(await sign(entityOf(CONTENT), 'detached'));
    const { kept, keptSigned, layers } = await open(message, cuts);
    expect(keptSigned).toBe(true);
    expect(kept.equals(message)).toBe(true);
    expect(layers).toMatchObject([{ kind: 'signed', signatures: [{ verified: true }] }]);
  });

  it('what was signed in the clear and encrypted is kept with its signature, twice signed too', async () => {
    const once = await sign(entityOf(CONTENT), 'detached');
    for (const signed of [once, await sign(once, 'detached')]) {
      const { kept, keptSigned, layers } = await open(await asMessage(await encrypt(signed)), cuts);
      expect(keptSigned).toBe(true);
      expect(kept.equals(await bytesOf(signed))).toBe(true);
      expect(layers.slice(1).every((layer) => layer.kind === 'signed')).toBe(true);
    }
  });

  it('of a triple wrapped one the inner signature is kept', async () => {
    const entity = await tripleWrap(entityOf(CONTENT), {
      signer: signer(),
      signingTime,
      recipients: [aske.certificate],
      contentEncryption: 'aes-256-cbc',
    });
    const { kept, keptSigned, layers } = await open(await asMessage(entity), cuts);
    expect(layers.map(({ kind }) => kind)).toEqual(['signed', 'encrypted', 'signed']);
    expect(keptSigned).toBe(true);
    expect(kept.toString('latin1')).toMatch(/^Content-Type: multipart\/signed/);
    const [read] = (await openBytes(await asMessage(entityOf(kept)))).layers;
    expect(read).toMatchObject({ kind: 'signed', signatures: [{ verified: true }] });
  });

  it('what stands in an opaque signature, or in none, is kept alone', async () => {
    const opaque = await sign(entityOf(CONTENT), 'opaque');
    for (const entity of [
      opaque,
      await encrypt(opaque),
      await sign(opaque, 'detached'),
      await encrypt(entityOf(CONTENT)),
    ]) {
      const { kept, keptSigned } = await open(await asMessage(entity), cuts);
      expect(keptSigned).toBe(false);
      expect(kept.equals(CONTENT)).toBe(true);
    }
  });

  it('what stands in an opaque signature can be made a multipart/signed, which openssl verifies', async () => {
    const opaque = await sign(entityOf(CONTENT), 'opaque');
    const endless = await workshop.cms(
      CONTENT.toString('latin1'),
      ...['-sign', '-nodetach', '-binary', '-stream', '-md', 'sha512'],
      ...['-signer', aske.certificatePath, '-inkey', aske.keyPath],
    );
    for (const [message, micalg] of [
      [await asMessage(opaque), 'sha-256'],
      [await asMessage(await encrypt(opaque)), 'sha-256'],
      [endless, 'sha-512'],
    ] as const) {
      const { kept, detachedAround } = await open(message, cuts);
      const { before, after } = detachedAround!;
      expect(before.toString()).toContain(`micalg=${micalg};`);
      const entity = entityOf(Buffer.concat([before, kept, after]));
      const verified = await workshop.verify(await workshop.save(entity), root);
      expect((await readFile(verified)).equals(CONTENT)).toBe(true);
      const [layer] = (await open(await asMessage(entity), cuts)).layers;
      expect(layer).toMatchObject({ kind: 'signed', form: 'detached', signatures: [{ verified: true }] });
    }
  });

  it.each([
    ['is by nobody', { copies: 0 }],
    ['uses another digest than it announced', { announced: sequence(oid(OID.sha512)) }],
    ['uses a digest that is not known', { digest: sequence(oid('2.16.840.1.101.3.4.2.4')) }],
  ])('what stands in one that %s can not', async (_, made) => {
    const { kept, detachedAround } = await open(
      cmsMessage(signByHand(aske, { content: CONTENT, ...made })),
      cuts,
    );
    expect(kept.equals(CONTENT)).toBe(true);
    expect(detachedAround).toBeNull();
  });

  it('a message whose signature was broken on the way is kept as it is, and that is told', async () => {
    const message = await asMessage(await sign(entityOf(CONTENT), 'detached'));
    const at = message.indexOf('One line');
    message.writeUInt8(message.readUInt8(at) ^ 1, at);
    const { kept, layers } = await open(message, cuts);
    expect(kept.equals(message)).toBe(true);
    expect(layers).toMatchObject([{ signatures: [{ verified: false, problems: ['content-changed'] }] }]);
  });
});
