// SPDX-License-Identifier: Apache-2.0

/** Signatures that are looked at and told of; a mail with more wants work done for nothing. */
export const MOST_SIGNATURES = 10;

/** Also folded before the colon, as mailauth reads it. */
const SIGNATURE = /^dkim-signature\s*:/i;

/**
 * A header without the DKIM-Signature fields beyond the first few: mailauth hashes the whole body anew for each that says
 * `l=` otherwise, and verifies each.
 */
export function withFewSignatures(header: Buffer): Buffer {
  const fields = header.toString('latin1').split(/(?<=\n)(?![ \t])/);
  let found = 0;
  const kept = fields.filter((field) => {
    if (SIGNATURE.test(field)) found += 1;
    else return true;
    return found <= MOST_SIGNATURES;
  });
  return found <= MOST_SIGNATURES ? header : Buffer.from(kept.join(''), 'latin1');
}
