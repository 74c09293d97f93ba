// SPDX-License-Identifier: Apache-2.0
import { der, sequence, TAG } from '../../asn1/der.ts';

/**
 * The DER of an ECDSA-Sig-Value (RFC 5480 §A) from r and s one after the other, each as long as the order of the
 * curve, as PKCS#11 gives them (§2.3.1).
 */
export function ecdsaSigValue(raw: Buffer): Buffer {
  const half = raw.length / 2;
  return sequence(unsigned(raw.subarray(0, half)), unsigned(raw.subarray(half)));
}

/** An INTEGER that is not negative, in as few octets as it can be. */
function unsigned(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const digits = first < 0 ? Buffer.of(0) : octets.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? [Buffer.of(0)] : [];
  return der(TAG.integer, ...sign, digits);
}
