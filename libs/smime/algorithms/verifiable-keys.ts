// SPDX-License-Identifier: Apache-2.0
/** Curves of 256 bits and more on which signatures are verified: NIST's, and those of RFC 5639 that German authorities use. */
export const VERIFIABLE_CURVES: ReadonlySet<string> = new Set([
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]);

/** A longer modulus costs more to verify than any honest message or certificate is worth. */
export const MAX_RSA_BITS = 8192;
