// SPDX-License-Identifier: Apache-2.0
/**
 * What is wrong with BER; stable. `too-deep` and `too-large` are limits of this library, the others faults of the
 * bytes: `cut-off` ends within a value, `bad-length` is a length that cannot be (longer than what surrounds it, or
 * than 2^53-1, or in the reserved form), `bad-tag` a tag of the high form or an end-of-contents where there is
 * nothing to end, `unexpected` a value where the structure has another.
 */
export type BerFault = 'cut-off' | 'bad-length' | 'bad-tag' | 'too-deep' | 'too-large' | 'unexpected';

/** Not BER, or not of the shape that was expected, or over a limit. Never repeats the bytes. */
export class BerError extends Error {
  override name = 'BerError';
  readonly fault: BerFault;

  constructor(fault: BerFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
