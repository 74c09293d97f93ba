// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import {
  BelowPolicyFloorError,
  entityOf,
  protectMessage,
  signatureAlgorithmsFor,
  signEntity,
  softwareSigner,
  UnsuitableCertificateError,
  type SignatureAlgorithm,
} from '../index.ts';
import { cmsOf, partsOf } from '../testing/cms-of.ts';
import { startBouncyCastle, type BouncyCastle } from '../testing/interop/bouncy-castle.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
let authority: Identity;
let bouncyCastle: BouncyCastle;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  bouncyCastle = await startBouncyCastle();
});
afterAll(async () => {
  await bouncyCastle.close();
  await workshop.close();
});

const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const PSS = ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'];
const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const bound = (digest: string, salt: number) => [
  ...PSS,
  ...['-pkeyopt', `rsa_pss_keygen_md:${digest}`, '-pkeyopt', `rsa_pss_keygen_mgf1_md:${digest}`],
  ...['-pkeyopt', `rsa_pss_keygen_saltlen:${salt}`],
];

const HEADER = 'Content-Type: text/plain\r\n\r\n';
const CONTENTS = [Buffer.from(`${HEADER}x`), Buffer.from(HEADER + 'More than one chunk.\r\n'.repeat(10_000))];

/** Key, algorithm (null: the customary one), the algorithm that comes of it, its micalg. */
const CASES: [string, string[], SignatureAlgorithm | null, SignatureAlgorithm, string][] = [
  ['RSA', RSA, null, 'rsassa-pkcs1-v1_5-sha256', 'sha-256'],
  ['RSA', RSA, 'rsassa-pkcs1-v1_5-sha384', 'rsassa-pkcs1-v1_5-sha384', 'sha-384'],
  ['RSA', RSA, 'rsassa-pkcs1-v1_5-sha512', 'rsassa-pkcs1-v1_5-sha512', 'sha-512'],
  ['RSA', RSA, 'rsassa-pss-sha256', 'rsassa-pss-sha256', 'sha-256'],
  ['RSA', RSA, 'rsassa-pss-sha384', 'rsassa-pss-sha384', 'sha-384'],
  ['RSA', RSA, 'rsassa-pss-sha512', 'rsassa-pss-sha512', 'sha-512'],
  ['RSASSA-PSS', PSS, null, 'rsassa-pss-sha256', 'sha-256'],
  ['RSASSA-PSS', PSS, 'rsassa-pss-sha512', 'rsassa-pss-sha512', 'sha-512'],
  ['RSASSA-PSS bound to SHA-384', bound('sha384', 48), null, 'rsassa-pss-sha384', 'sha-384'],
  ['P-256', curve('P-256'), null, 'ecdsa-sha256', 'sha-256'],
  ['P-384', curve('P-384'), null, 'ecdsa-sha384', 'sha-384'],
  ['P-521', curve('P-521'), null, 'ecdsa-sha512', 'sha-512'],
  ['Ed25519', ['-algorithm', 'ED25519'], null, 'ed25519', 'sha-512'],
];

const signingTime = new Date();

describe.each(CASES)('a signature with a key of %s', (_key, key, wanted, algorithm, micalg) => {
  it(`is made with ${algorithm}, says ${micalg}, and is verified by others`, async () => {
    const identity = await workshop.issue(authority, { key });
    const from = { key: identity.keyPem, certificate: identity.certificate };
    const signer = softwareSigner({ ...from, algorithm: wanted ?? undefined });
    // BouncyCastle refuses a signing time from before the certificate.
    const signedAt = new Date();
    expect(signer.algorithm).toBe(algorithm);
    for (const content of CONTENTS) {
      const detached = await signEntity(entityOf(content), signer, { signingTime: signedAt });
      const opaque = await signEntity(entityOf(content), signer, { signingTime: signedAt, form: 'opaque' });
      expect((await buffer(detached.open())).toString('latin1')).toContain(`micalg=${micalg};`);

      const parts = await partsOf(detached);
      expect((await bouncyCastle.verify(parts.cms, parts.content)).equals(content)).toBe(true);
      expect((await bouncyCastle.verify(await cmsOf(opaque))).equals(content)).toBe(true);
      const forged = Buffer.from(parts.content);
      forged[forged.length - 1]! ^= 1;
      await expect(bouncyCastle.verify(parts.cms, forged)).rejects.toThrow(/digest/);

      // The openssl program of version 3.0 cannot verify Ed25519 in CMS.
      if (algorithm === 'ed25519') continue;
      for (const signed of [detached, opaque]) {
        const verified = await workshop.verify(await workshop.save(signed), authority);
        expect((await readFile(verified)).equals(content)).toBe(true);
      }
    }
  });
});

it('a signature says the parameters of RSASSA-PSS as RFC 4056 wants them', async () => {
  const { keyPem, certificate } = await workshop.issue(authority);
  const signer = softwareSigner({ key: keyPem, certificate, algorithm: 'rsassa-pss-sha512' });
  const signed = await signEntity(entityOf(CONTENTS[0]!), signer, { signingTime });
  const printed = await openssl('cms', '-cmsout', '-print', '-in', await workshop.save(signed));
  const text = printed.toString().replace(/\s+/g, ' ');
  expect(text).toMatch(/signatureAlgorithm: algorithm: rsassaPss/);
  expect(text).toMatch(/OBJECT :sha512 .*OBJECT :mgf1 .*OBJECT :sha512 .*INTEGER :40 /);
});

it('a message is read once for a signer of any digest, and says which', async () => {
  const { keyPem, certificate } = await workshop.issue(authority, { key: curve('P-384') });
  const signer = softwareSigner({ key: keyPem, certificate });
  const bytes = Buffer.from('From: a@a.example\r\n\r\nHi\r\n');
  let readings = 0;
  const open = () => {
    readings += 1;
    return entityOf(bytes).open();
  };
  const { message, signature } = await protectMessage({ open }, { signer, signingTime, recipients: [] });
  expect(readings).toBe(1);
  expect(signature.algorithm).toBe('ecdsa-sha384');
  const file = await workshop.save(message);
  expect(await readFile(file, 'latin1')).toContain('micalg=sha-384;');
  await workshop.verify(file, authority);
});

describe('nothing is signed', () => {
  it.each([
    ['an RSA key of 1024 bits', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']],
    ['a key bound to SHA-1', bound('sha1', 20)],
  ])('with %s', async (_what, key) => {
    const { keyPem, certificate } = await workshop.issue(authority, { key });
    expect(() => softwareSigner({ key: keyPem, certificate })).toThrow(BelowPolicyFloorError);
  });

  it('with a digest that does not go with the curve, or by a key that only agrees', async () => {
    const { keyPem, certificate } = await workshop.issue(authority, { key: curve('P-256') });
    const key = createPrivateKey(keyPem);
    expect(() => softwareSigner({ key, certificate, algorithm: 'ecdsa-sha512' })).toThrow(
      UnsuitableCertificateError,
    );
    const x25519 = issueByHand(generateKeyPairSync('x25519').publicKey);
    expect(() => signatureAlgorithmsFor(x25519)).toThrow(/sign here/);
  });

  it('by a signer elsewhere whose algorithm does not go with his certificate', async () => {
    const { certificate } = await workshop.issue(authority, { key: curve('P-256') });
    const sign = () => Promise.reject(new Error('must not be asked'));
    const signer = { certificate, chain: [], algorithm: 'rsassa-pkcs1-v1_5-sha256', sign } as const;
    await expect(signEntity(entityOf(CONTENTS[0]!), signer, { signingTime })).rejects.toThrow(
      UnsuitableCertificateError,
    );
  });
});
