// SPDX-License-Identifier: Apache-2.0
import { CUTS, ENTITY, LONG, opensslPeople, unwrapperOf } from '../testing/openssl-people.ts';
import { openBytes, signaturesIn } from '../testing/opening.ts';
import { type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let bob: Identity;
let carol: Identity;
beforeAll(async () => {
  ({ workshop, authority, aske, bob, carol } = await opensslPeople());
});
afterAll(() => workshop.close());

describe('openssl signs', () => {
  const sign = (entity: string, ...options: string[]) =>
    workshop.cms(entity, '-sign', '-signer', aske.certificatePath, '-inkey', aske.keyPath, ...options);

  it.each([
    ['detached', []],
    ['detached, with PSS', ['-keyopt', 'rsa_padding_mode:pss']],
    ['detached, with SHA-512', ['-md', 'sha512']],
    ['opaque', ['-nodetach', '-noindef']],
    ['opaque, with indefinite lengths', ['-nodetach', '-stream']],
    ['naming the signer by his key', ['-keyid', '-nodetach']],
    ['with the signing certificate', ['-cades']],
  ])('%s', async (_name, options) => {
    for (const entity of [ENTITY, LONG]) {
      const message = await sign(entity, ...options);
      for (const cuts of CUTS) {
        const { kept, layers } = await openBytes(message, {}, ...cuts);
        expect(kept.toString()).toBe(entity);
        expect(signaturesIn(layers)).toMatchObject([{ verified: true, problems: [] }]);
        expect(layers.flatMap(({ problems }) => problems)).toEqual([]);
      }
    }
  });

  it('several at once, with keys of several kinds', async () => {
    const message = await sign(ENTITY, '-signer', carol.certificatePath, '-inkey', carol.keyPath);
    const signatures = signaturesIn((await openBytes(message)).layers);
    expect(signatures.map(({ algorithm }) => algorithm).toSorted()).toEqual(['ecdsa', 'rsassa-pkcs1-v1_5']);
    expect(signatures.every(({ verified }) => verified)).toBe(true);
  });

  it('without the certificate, which the caller may have', async () => {
    const message = await sign(ENTITY, '-nocerts');
    const [alone] = signaturesIn((await openBytes(message)).layers);
    expect(alone).toMatchObject({ verified: false, certificate: null, problems: ['certificate-missing'] });
    const { layers } = await openBytes(message, { certificates: [bob.certificate, aske.certificate] });
    expect(signaturesIn(layers)).toMatchObject([{ verified: true }]);
  });

  it('without signed attributes, which does not count', async () => {
    for (const form of [['-nodetach'], []]) {
      const { layers } = await openBytes(await sign(ENTITY, '-noattr', ...form));
      expect(signaturesIn(layers)).toMatchObject([
        { verified: false, problems: ['signed-attributes-missing'] },
      ]);
    }
  });

  it.each(['sha1', 'md5'] as const)('with %s, which counts only where that is asked for', async (digest) => {
    for (const form of [['-nodetach'], []]) {
      const message = await sign(ENTITY, '-md', digest, ...form);
      const [strict] = signaturesIn((await openBytes(message)).layers);
      expect(strict).toMatchObject({ verified: false, digest, problems: ['weak-digest'] });
      const [lax] = signaturesIn((await openBytes(message, { legacy: [digest] })).layers);
      expect(lax).toMatchObject({ verified: true, digest, problems: ['weak-digest'] });
    }
  });

  it('with an RSA key of 1024 bits, which counts only where that is asked for', async () => {
    const key = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'];
    const weak = await workshop.issue(authority, { key });
    const message = await workshop.cms(
      ENTITY,
      '-sign',
      '-signer',
      weak.certificatePath,
      '-inkey',
      weak.keyPath,
    );
    const [strict] = signaturesIn((await openBytes(message)).layers);
    expect(strict).toMatchObject({ verified: false, problems: ['weak-key'] });
    const [lax] = signaturesIn((await openBytes(message, { legacy: ['rsa-1024'] })).layers);
    expect(lax).toMatchObject({ verified: true, problems: ['weak-key'] });
  });

  it('with a certificate that is not for signing, or not for mail', async () => {
    for (const extensions of ['keyUsage=keyEncipherment\n', 'extendedKeyUsage=serverAuth\n']) {
      const other = await workshop.issue(authority, { extensions });
      const options = ['-sign', '-signer', other.certificatePath, '-inkey', other.keyPath];
      const { layers } = await openBytes(await workshop.cms(ENTITY, ...options));
      expect(signaturesIn(layers)).toMatchObject([{ verified: false, problems: ['key-usage'] }]);
    }
  });

  it('then encrypts, and signs once more', async () => {
    const signed = (await sign(LONG)).toString('latin1');
    const encrypted = (
      await workshop.cms(signed, '-encrypt', '-aes256', '-stream', bob.certificatePath)
    ).toString('latin1');
    const message = await sign(encrypted, '-nodetach', '-stream');
    const { kept, layers } = await openBytes(message, { unwrappers: [unwrapperOf(bob)] });
    expect(kept.toString()).toBe(LONG);
    expect(layers.map(({ kind }) => kind)).toEqual(['signed', 'encrypted', 'signed']);
    expect(signaturesIn(layers).every(({ verified }) => verified)).toBe(true);
  });
});
