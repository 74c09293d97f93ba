// SPDX-License-Identifier: Apache-2.0
import { diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Certificate } from '../../certificates/certificate.ts';
import { KeyMismatchError, UnsuitableCertificateError } from '../../errors.ts';

/**
 * Finds out whether a private key that nobody sees is that of a certificate: RSA by the modulus, which the token tells;
 * a curve by agreeing with a passing key from both sides.
 *
 * @throws KeyMismatchError, UnsuitableCertificateError where it is a key that unwraps nothing, and what the two throw.
 */
export async function checkBelongsTo(
  { x509 }: Certificate,
  modulus: () => Promise<Buffer>,
  agree: (publicKey: KeyObject) => Promise<Buffer>,
): Promise<void> {
  const { publicKey } = x509;
  if (!(await belongs())) {
    throw new KeyMismatchError('the private key in the token does not belong to the certificate');
  }

  async function belongs(): Promise<boolean> {
    const type = publicKey.asymmetricKeyType;
    if (type === 'rsa') return withoutZeros(await modulus()).equals(modulusOf(publicKey));
    if (type === 'x25519') return await agreesWith(generateKeyPairSync('x25519'));
    if (type === 'ec') {
      const namedCurve = publicKey.asymmetricKeyDetails?.namedCurve ?? '';
      return await agreesWith(generateKeyPairSync('ec', { namedCurve }));
    }
    throw new UnsuitableCertificateError('a key in a token unwraps with RSA, on a curve, or with X25519');
  }

  async function agreesWith(passing: { publicKey: KeyObject; privateKey: KeyObject }): Promise<boolean> {
    const there = await agree(passing.publicKey);
    return there.equals(diffieHellman({ privateKey: passing.privateKey, publicKey }));
  }
}

const modulusOf = (publicKey: KeyObject) =>
  Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');

function withoutZeros(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  return octets.subarray(Math.max(first, 0));
}
