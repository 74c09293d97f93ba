// SPDX-License-Identifier: Apache-2.0
import { diffieHellman, generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import type { Certificate } from '../../certificates/certificate.ts';
import { KeyMismatchError, UnsuitableCertificateError } from '../../errors.ts';

/**
 * Finds out whether a private key that nobody sees is that of a certificate: RSA by the modulus, which the token tells;
 * a curve by agreeing with a passing key from both sides.
 *
 * @throws KeyMismatchError, UnsuitableCertificateError where it is a key that unwraps nothing, and what the two throw.
 */
export async function checkBelongsTo(
  certificate: Certificate,
  modulus: () => Promise<Buffer>,
  agree: (publicKey: KeyObject) => Promise<Buffer>,
): Promise<void> {
  const { publicKey } = certificate.x509;
  if (!(await belongs())) {
    throw new KeyMismatchError('the private key in the token does not belong to the certificate');
  }

  async function belongs(): Promise<boolean> {
    if (publicKey.asymmetricKeyType === 'rsa')
      return withoutZeros(await modulus()).equals(modulusOf(publicKey));
    const passing = passingKey(certificate);
    const there = await agree(passing.publicKey);
    return there.equals(diffieHellman({ privateKey: passing.privateKey, publicKey }));
  }
}

/**
 * A key of our own to agree with that of a certificate.
 *
 * @throws UnsuitableCertificateError where that does not agree with any.
 */
export function passingKey({ x509: { publicKey } }: Certificate): KeyPairKeyObjectResult {
  const type = publicKey.asymmetricKeyType;
  if (type === 'x25519') return generateKeyPairSync('x25519');
  if (type === 'ec') {
    return generateKeyPairSync('ec', { namedCurve: publicKey.asymmetricKeyDetails?.namedCurve ?? '' });
  }
  throw new UnsuitableCertificateError('a key in a token unwraps with RSA, on a curve, or with X25519');
}

const modulusOf = (publicKey: KeyObject) =>
  Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');

function withoutZeros(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  return octets.subarray(Math.max(first, 0));
}
