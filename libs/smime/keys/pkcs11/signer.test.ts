// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import {
  entityOf,
  KeyMismatchError,
  openPkcs11Token,
  pkcs11Signer,
  signEntity,
  type Pkcs11Token,
  type SignatureAlgorithm,
} from '../../index.ts';
import { missing } from '@securemail/testing';
import { asMessage, openBytes, signaturesIn } from '../../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../../testing/openssl-workshop.ts';
import { PIN, softHsm } from '../../testing/soft-hsm.ts';

const hsm = await softHsm();
const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const KEYS = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  pss: ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'p-256': curve('P-256'),
  'p-384': curve('P-384'),
  'p-521': curve('P-521'),
  ed25519: ['-algorithm', 'ED25519'],
};
const CASES: readonly [SignatureAlgorithm, keyof typeof KEYS][] = [
  ['rsassa-pkcs1-v1_5-sha256', 'rsa'],
  ['rsassa-pkcs1-v1_5-sha384', 'rsa'],
  ['rsassa-pkcs1-v1_5-sha512', 'rsa'],
  ['rsassa-pss-sha256', 'rsa'],
  ['rsassa-pss-sha384', 'rsa'],
  ['rsassa-pss-sha512', 'rsa'],
  ['ecdsa-sha256', 'p-256'],
  ['ecdsa-sha384', 'p-384'],
  ['ecdsa-sha512', 'p-521'],
  ['ed25519', 'ed25519'],
];
const ENTITY = Buffer.from('Content-Type: text/plain\r\n\r\nSigned by a key that nobody has seen.\r\n');

if ('lacks' in hsm) missing(hsm.lacks, hsm.install);
else {
  let workshop: OpensslWorkshop;
  let authority: Identity;
  let token: Pkcs11Token;
  const people = new Map<string, Identity>();
  beforeAll(async () => {
    workshop = await opensslWorkshop();
    authority = await workshop.authority('Root');
    await hsm.newToken('signers');
    for (const [i, [name, key]] of Object.entries(KEYS).entries()) {
      const person = await workshop.issue(authority, { key });
      people.set(name, person);
      if (name !== 'pss') await hsm.importKey('signers', name, `0${i}`, createPrivateKey(person.keyPem));
    }
    token = await openPkcs11Token({ module: hsm.module, token: { label: 'signers' }, pin: PIN });
  });
  afterAll(async () => {
    await token.close();
    await workshop.close();
    await hsm.close();
  });

  describe('a key in a token signs', () => {
    it.each(CASES)('with %s, verified here and by openssl', async (algorithm, name) => {
      const { certificate } = people.get(name)!;
      const signer = await pkcs11Signer({ token, key: { label: name }, certificate, algorithm });
      // ECDSA's r and s are shorter now and then.
      for (let i = 0; i < 20; i += 1) {
        const signed = await signEntity(entityOf(ENTITY), signer, { signingTime: new Date() });
        const { kept, layers } = await openBytes(await asMessage(signed));
        expect(kept).toEqual(ENTITY);
        expect(signaturesIn(layers)).toMatchObject([{ verified: true, problems: [] }]);
        // The openssl program of version 3.0 cannot verify Ed25519 in CMS.
        if (i > 0 || algorithm === 'ed25519') continue;
        const verified = await workshop.verify(await workshop.save(signed), authority);
        expect(await readFile(verified)).toEqual(ENTITY);
      }
    });

    it('found by its id, and with the customary algorithm', async () => {
      const { certificate } = people.get('p-384')!;
      const signer = await pkcs11Signer({ token, key: { id: Buffer.of(3) }, certificate });
      expect(signer.algorithm).toBe('ecdsa-sha384');
      expect(signer.certificate).toBe(certificate);
    });
  });

  it('many at once share the sessions', async () => {
    const { certificate } = people.get('p-256')!;
    const signer = await pkcs11Signer({ token, key: { label: 'p-256' }, certificate });
    const signatures = await Promise.all(Array.from({ length: 40 }, (_, i) => signer.sign(Buffer.of(i))));
    expect(new Set(signatures.map((signature) => signature.toString('hex'))).size).toBe(40);
  });

  it('a certificate of another key is refused at once', async () => {
    const other = await workshop.issue(authority, { key: KEYS['p-256'] });
    const { certificate } = other;
    await expect(pkcs11Signer({ token, key: { label: 'p-256' }, certificate })).rejects.toThrow(
      KeyMismatchError,
    );
  });

  it('a key of another kind than the certificate says is refused with the code of the token', async () => {
    const { certificate } = people.get('p-256')!;
    await expect(pkcs11Signer({ token, key: { label: 'rsa' }, certificate })).rejects.toMatchObject({
      name: 'CryptographicOperationError',
      message: expect.stringMatching(/^signing failed \(CKR_\w+\)$/),
    });
  });

  it('neither the token nor a signer shows the PIN when printed', async () => {
    const { certificate } = people.get('rsa')!;
    const signer = await pkcs11Signer({ token, key: { label: 'rsa' }, certificate });
    for (const printed of [
      inspect(token, { depth: 9, showHidden: true }),
      inspect(signer, { depth: 9, showHidden: true }),
    ]) {
      expect(printed).not.toContain(PIN);
    }
  });
}
