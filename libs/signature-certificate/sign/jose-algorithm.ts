// SPDX-License-Identifier: Apache-2.0
import type { Certificate, SignatureAlgorithm } from '@securemail/smime';

/** The names of RFC 7518 §3.1 and RFC 8037 §3.1 for how our signers sign. */
export const JOSE_ALGORITHMS: Readonly<Record<SignatureAlgorithm, string>> = {
  'rsassa-pkcs1-v1_5-sha256': 'RS256',
  'rsassa-pkcs1-v1_5-sha384': 'RS384',
  'rsassa-pkcs1-v1_5-sha512': 'RS512',
  'rsassa-pss-sha256': 'PS256',
  'rsassa-pss-sha384': 'PS384',
  'rsassa-pss-sha512': 'PS512',
  'ecdsa-sha256': 'ES256',
  'ecdsa-sha384': 'ES384',
  'ecdsa-sha512': 'ES512',
  ed25519: 'EdDSA',
};

/** Octets of each half of an ECDSA signature (RFC 7518 §3.4). */
const EC_HALF: Partial<Record<string, number>> = { ES256: 32, ES384: 48, ES512: 66 };

export const ecHalf = (alg: string): number | null => EC_HALF[alg] ?? null;

/** Octets of a signature, known before it is made. */
export function signatureLength(alg: string, { key }: Certificate): number {
  const half = ecHalf(alg);
  if (half !== null) return 2 * half;
  return alg === 'EdDSA' ? 64 : Math.ceil(key.bits / 8);
}
