// SPDX-License-Identifier: Apache-2.0
import { HASH_OCTETS, type Hash } from './hash.ts';
import { base64, octetsIn } from './octets.ts';

/** A proof as the files of C2SP have it: a hash a line, in base64. */
export const hashLines = (hashes: readonly Hash[]): string =>
  hashes.map((hash) => `${base64(hash)}\n`).join('');

/** @returns null where a line is no hash. */
export function hashesInLines(text: string): Hash[] | null {
  const hashes = text === '' ? [] : text.trimEnd().split('\n').map(octetsIn);
  return hashes.every((hash) => hash?.length === HASH_OCTETS) ? hashes.filter((hash) => hash !== null) : null;
}
