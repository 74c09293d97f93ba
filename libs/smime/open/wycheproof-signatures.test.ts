// SPDX-License-Identifier: Apache-2.0
import { createPublicKey } from 'node:crypto';
import { context, der, DerError, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  algorithm,
  digestOf,
  fromHex,
  misjudged,
  wycheproof,
  type VectorGroup,
} from '../testing/wycheproof.ts';
import type { ReadDigest } from './digest-names.ts';
import { signatureVerification } from './signature-algorithm.ts';

const RSA = { sha256: OID.sha256WithRsa, sha384: OID.sha384WithRsa, sha512: OID.sha512WithRsa };
const ECDSA = { sha256: OID.ecdsaWithSha256, sha384: OID.ecdsaWithSha384, sha512: OID.ecdsaWithSha512 };
const DIGESTS = { sha1: OID.sha1, sha256: OID.sha256, sha384: OID.sha384, sha512: OID.sha512 };

const idOf = (ids: Partial<Record<string, string>>, { sha }: VectorGroup) => ids[digestOf(sha)] ?? '';

/** How our verifier of SignerInfos judges the signatures of a file. */
async function verifies(name: string, identifier: (group: VectorGroup) => ReturnType<typeof algorithm>) {
  const groups = await wycheproof(name);
  return misjudged(groups, ({ msg, sig }, group) => {
    const verification = signatureVerification(identifier(group));
    const key = createPublicKey({ key: fromHex(group['publicKeyDer']), format: 'der', type: 'spki' });
    const digest = verification?.digest ?? (digestOf(group['sha']) as ReadDigest);
    return verification?.verifies(key, digest, fromHex(msg), fromHex(sig)) === true;
  });
}

it.each([2048, 3072, 4096].flatMap((bits) => [256, 384, 512].map((sha) => [bits, sha] as const)))(
  'RSA PKCS#1 v1.5 with %d bits and SHA-%d',
  async (bits, sha) => {
    const name = `rsa_signature_${bits}_sha${sha}`;
    expect(await verifies(name, (group) => algorithm(idOf(RSA, group)))).toEqual([]);
    expect(await verifies(name, () => algorithm(OID.rsaEncryption))).toEqual([]);
  },
);

const pss = ({ sha, mgfSha, sLen }: VectorGroup) => {
  const hash = (name: unknown) => sequence(oid(DIGESTS[digestOf(name) as keyof typeof DIGESTS]));
  const parameters = sequence(
    der(context(0), hash(sha)),
    der(context(1), sequence(oid(OID.mgf1), hash(mgfSha))),
    der(context(2), smallInteger(Number(sLen))),
  );
  return algorithm(OID.rsassaPss, parameters);
};

it.each([
  '2048_sha1_mgf1_20',
  '2048_sha256_mgf1_0',
  '2048_sha256_mgf1_32',
  '2048_sha384_mgf1_48',
  '3072_sha256_mgf1_32',
  '4096_sha256_mgf1_32',
  '4096_sha384_mgf1_48',
  '4096_sha512_mgf1_32',
  '4096_sha512_mgf1_64',
])('RSA PSS %s', async (name) => {
  expect(await verifies(`rsa_pss_${name}`, pss)).toEqual([]);
});

it('RSA PSS with another digest in MGF1 than over the message is not read', async () => {
  const [group] = await wycheproof('rsa_pss_2048_sha256_mgf1sha1_20');
  expect(() => signatureVerification(pss(group!))).toThrow(DerError);
});

it.each([
  'secp256r1_sha256',
  'secp256r1_sha512',
  'secp384r1_sha256',
  'secp384r1_sha384',
  'secp384r1_sha512',
  'secp521r1_sha512',
  'brainpoolP256r1_sha256',
  'brainpoolP384r1_sha384',
  'brainpoolP512r1_sha512',
])('ECDSA %s', async (name) => {
  expect(await verifies(`ecdsa_${name}`, (group) => algorithm(idOf(ECDSA, group), null))).toEqual([]);
});

it('Ed25519', async () => {
  expect(await verifies('ed25519', () => algorithm(OID.ed25519, null))).toEqual([]);
});
