// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { OID } from '../asn1/oids.ts';
import { softwareUnwrapper, type Certificate } from '../index.ts';
import { startBouncyCastle, type BouncyCastle, type Way } from '../testing/interop/bouncy-castle.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';

const CONTENTS = ['x', 'More than one chunk of it.\r\n'.repeat(8_000)].map((text) =>
  Buffer.from(`Content-Type: text/plain\r\n\r\n${text}`),
);
const CIPHERS = [OID.aes256Cbc, OID.aes192Cbc, OID.aes256Gcm];

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

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];

async function opens(certificate: Certificate, key: KeyObject, way: Way, keyEncryption: string) {
  const unwrappers = [softwareUnwrapper({ key, certificate })];
  for (const cipher of CIPHERS) {
    for (const content of CONTENTS) {
      const message = cmsMessage(await bouncyCastle.encrypt(content, [{ certificate, way }], cipher));
      const { kept, layers } = await openBytes(message, { unwrappers }, 1000, 1);
      expect(kept.equals(content)).toBe(true);
      expect(layers).toMatchObject([{ kind: 'encrypted', keyEncryption }]);
    }
  }
}

describe('what BouncyCastle encrypts is decrypted here', () => {
  it.each([
    ['pkcs1', 'rsaes-pkcs1-v1_5'],
    ['oaep', 'rsaes-oaep'],
  ] as const)('with its key by %s', async (way, name) => {
    const { certificate, keyPem } = await workshop.issue(authority);
    await opens(certificate, createPrivateKey(keyPem), way, name);
  });

  it.each([
    ['ecdh', 'ecdh-sha256', 'P-256'],
    ['ecdh-cofactor', 'ecdh-sha384', 'P-384'],
    ['ecdh-ukm', 'ecdh-sha512', 'P-521'],
    ['ecdh-ukm', 'ecdh-sha512', 'brainpoolP256r1'],
  ] as const)('with its key by %s', async (way, name, curveName) => {
    const { certificate, keyPem } = await workshop.issue(authority, { key: curve(curveName) });
    await opens(certificate, createPrivateKey(keyPem), way, name);
  });

  it.each(['x25519', 'x25519-ukm'] as const)('with its key by %s', async (way) => {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    await opens(issueByHand(publicKey), privateKey, way, 'x25519-hkdf-sha256');
  });

  it.each(['ml-kem-512', 'ml-kem-768', 'ml-kem-1024'] as const)('with its key by %s', async (name) => {
    const { publicKey, privateKey } = generateKeyPairSync(name as 'ml-kem-768');
    await opens(issueByHand(publicKey), privateKey, 'kem', name);
  });
});

it('what BouncyCastle encrypts with authenticated attributes is decrypted here', async () => {
  const { certificate, keyPem } = await workshop.issue(authority);
  const unwrappers = [softwareUnwrapper({ key: keyPem, certificate })];
  for (const content of CONTENTS) {
    const cms = await bouncyCastle.encrypt(content, [{ certificate, way: 'pkcs1' }], OID.aes256Gcm, true);
    expect((await openBytes(cmsMessage(cms), { unwrappers }, 1000)).kept.equals(content)).toBe(true);
  }
});

describe('what BouncyCastle signs is verified here', () => {
  it.each([
    ['SHA256withRSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['SHA384withRSAandMGF1', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072']],
    ['SHA256withECDSA', curve('P-256')],
    ['SHA512withECDSA', curve('P-384')],
    ['SHA384withECDSA', curve('brainpoolP384r1')],
    ['Ed25519', ['-algorithm', 'ED25519']],
  ])('by %s', async (algorithm, key) => {
    const { certificate, keyPem } = await workshop.issue(authority, { key });
    for (const content of CONTENTS) {
      const cms = await bouncyCastle.sign(content, certificate, createPrivateKey(keyPem), algorithm);
      const { kept, layers } = await openBytes(cmsMessage(cms), {}, 777);
      expect(kept.equals(content)).toBe(true);
      expect(signaturesIn(layers)).toMatchObject([{ verified: true, problems: [] }]);
    }
  });
});
