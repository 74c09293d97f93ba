// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { NULL, oid, readDer, sequence } from '../asn1/der.ts';
import { readAlgorithm } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';
import { keyUnsuitableFor } from '../certificates/key-suits.ts';
import { verifySigned } from '../certificates/signed.ts';
import { signerProblems } from '../open/signer-problems.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { keyEncryptionsFor } from './key-encryption.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const withExponent = (exponent: bigint): KeyObject => {
  const e = Buffer.from(exponent.toString(16).padStart(512, '0'), 'hex').toString('base64url');
  return createPublicKey({ key: { ...publicKey.export({ format: 'jwk' }), e }, format: 'jwk' });
};
const verify = (key: KeyObject) =>
  verifySigned(
    {
      tbs: Buffer.of(1),
      algorithm: readAlgorithm(readDer(sequence(oid(OID.sha256WithRsa), NULL))),
      signature: randomBytes(256).fill(0, 0, 1),
    },
    key,
  );

describe('an RSA key whose public exponent is', () => {
  it.each([
    ['the usual one', 65_537n],
    ['as long as any that is in use', 2n ** 64n - 1n],
  ])('%s is worked with', (_, exponent) => {
    const key = withExponent(exponent);
    const certificate = issueByHand(key);
    expect(verify(key)).toBe('wrong');
    expect(signerProblems(certificate, null)).toEqual([]);
    expect(keyUnsuitableFor('sign', certificate)).toBeNull();
    expect(keyUnsuitableFor('encrypt', certificate)).toBeNull();
  });

  it.each([
    ['just longer', 2n ** 64n + 1n],
    ['about as long as its modulus', 2n ** 2046n + 1n],
  ])('%s is not, as anybody may send it to keep us busy', (_, exponent) => {
    const key = withExponent(exponent);
    const certificate = issueByHand(key);
    expect(verify(key)).toBe('unknown');
    expect(signerProblems(certificate, null)).toEqual(['key-unsuitable']);
    expect(keyUnsuitableFor('sign', certificate)).not.toBeNull();
    expect(keyUnsuitableFor('encrypt', certificate)).not.toBeNull();
    expect(() => keyEncryptionsFor(certificate)).toThrow('not worked with');
  });
});
