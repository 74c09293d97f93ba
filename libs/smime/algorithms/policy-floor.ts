// SPDX-License-Identifier: Apache-2.0
import { BelowPolicyFloorError } from '../errors.ts';

/** RFC 8551 §4.2 and §4.4: the least that is made, for signing and for encrypting. */
export const MIN_RSA_BITS = 2048;

/** @throws BelowPolicyFloorError for fewer than 2048 bits. */
export function checkRsaSize(bits: number): void {
  if (bits < MIN_RSA_BITS) {
    throw new BelowPolicyFloorError(`an RSA key of ${bits} bits is not used: ${MIN_RSA_BITS} are the least`);
  }
}
