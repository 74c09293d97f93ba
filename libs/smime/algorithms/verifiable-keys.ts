// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { remembered } from '../certificates/remembered.ts';
import { MIN_RSA_BITS } from './policy-floor.ts';

/** Curves of 256 bits and more on which signatures are verified: NIST's, and those of RFC 5639 that German authorities use. */
const VERIFIABLE_CURVES: ReadonlySet<string> = new Set([
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]);

/** A longer modulus costs more to verify than any honest message or certificate is worth. */
const MAX_RSA_BITS = 8192;

/** OpenSSL allows 3072 bits, and each signature then takes it a thousand times as long: a small mail would block for seconds. */
const RSA_EXPONENTS_END = 2n ** 64n;

interface KeyDetails {
  readonly type: string;
  readonly bits: number;
  readonly exponent: bigint;
  readonly curve: string;
}

/** What OpenSSL tells of a public key; `bits` of its modulus. */
const detailsOf = remembered((key: KeyObject): KeyDetails => {
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  return {
    type: key.asymmetricKeyType ?? '',
    bits: modulusLength,
    exponent: publicExponent,
    curve: namedCurve,
  };
});

/** How much a signature of a key vouches for, and `unknown` also for what takes too long: never to be tried. */
export function keyStrength(key: KeyObject): 'sound' | 'weak' | 'unknown' {
  const { type, bits, exponent, curve } = detailsOf(key);
  if (type === 'rsa' || type === 'rsa-pss') {
    if (bits > MAX_RSA_BITS || exponent >= RSA_EXPONENTS_END) return 'unknown';
    return bits < MIN_RSA_BITS ? 'weak' : 'sound';
  }
  return type === 'ed25519' || type === 'ed448' || (type === 'ec' && VERIFIABLE_CURVES.has(curve))
    ? 'sound'
    : 'unknown';
}
