// SPDX-License-Identifier: Apache-2.0
import { BerError } from './ber-error.ts';
import { der, TAG } from './der.ts';

/** Values within values. A certificate has twelve or so; each level costs a call. */
export const MAX_DEPTH = 48;

/** Of an identifier octet: values inside, and not octets. */
export const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const END_OF_CONTENTS = 2;

interface Converted {
  readonly bytes: Buffer;
  /** Where the next value starts. */
  readonly next: number;
  readonly changed: boolean;
}

/**
 * One whole BER value with definite lengths and primitive OCTET STRINGs. What has these already, as a certificate
 * has, stays octet for octet; so a SET OF is not sorted and a length is not shortened.
 *
 * @throws BerError
 */
export function toDer(input: Buffer): Buffer {
  if (endOfPlain(input, 0, input.length, 0) === input.length) return input;
  const { bytes, next } = convert(input, 0, 0);
  if (next !== input.length) throw new BerError('unexpected', 'something follows a value');
  return bytes;
}

/**
 * Where a value ends that has only definite lengths and primitive OCTET STRINGs: most have, and are looked at without
 * an object for each value inside. -1 for any other, and for what is wrong: `convert` tells which.
 */
function endOfPlain(input: Buffer, at: number, end: number, depth: number): number {
  const tag = input[at];
  let length = input[at + 1];
  if (tag === undefined || length === undefined || depth > MAX_DEPTH) return -1;
  if (tag === 0 || (tag & 0x1f) === 0x1f || tag === (TAG.octetString | CONSTRUCTED)) return -1;
  let start = at + 2;
  if (length >= INDEFINITE) {
    const count = length & 0x7f;
    if (count === 0 || count > 4 || start + count > end) return -1;
    length = input.readUIntBE(start, count);
    start += count;
  }
  const next = start + length;
  if (next > end) return -1;
  let inside = (tag & CONSTRUCTED) === 0 ? next : start;
  while (inside >= 0 && inside < next) inside = endOfPlain(input, inside, next, depth + 1);
  return inside;
}

/** Tag, length (null where it is indefinite) and where the content starts. @throws BerError */
export function readBerHeader(
  input: Buffer,
  at: number,
): { tag: number; length: number | null; start: number } {
  const tag = input[at];
  const first = input[at + 1];
  if (tag === undefined || first === undefined) throw new BerError('cut-off', 'a value is cut off');
  if ((tag & 0x1f) === 0x1f) throw new BerError('bad-tag', 'a tag number over 30 is not used in CMS');
  if (first < 0x80) return { tag, length: first, start: at + 2 };
  if (first === INDEFINITE) {
    if ((tag & CONSTRUCTED) === 0) throw new BerError('bad-length', 'a primitive value has no length');
    return { tag, length: null, start: at + 2 };
  }
  const count = first & 0x7f;
  if (count > 8) throw new BerError('bad-length', 'a length has more than 8 octets');
  if (at + 2 + count > input.length) throw new BerError('cut-off', 'a length is cut off');
  const length = input
    .subarray(at + 2, at + 2 + count)
    .reduce((sum, octet) => (sum > Number.MAX_SAFE_INTEGER / 256 ? Infinity : sum * 256 + octet), 0);
  if (!Number.isSafeInteger(length)) throw new BerError('bad-length', 'a length is over 2^53-1');
  return { tag, length, start: at + 2 + count };
}

function convert(input: Buffer, at: number, depth: number): Converted {
  if (depth > MAX_DEPTH) throw new BerError('too-deep', `values are nested more than ${MAX_DEPTH} deep`);
  const { tag, length, start } = readBerHeader(input, at);
  if (tag === 0) throw new BerError('bad-tag', 'an end-of-contents ends nothing');
  if (length !== null && start + length > input.length)
    throw new BerError('bad-length', 'a value is too long');
  if (length !== null && (tag & CONSTRUCTED) === 0) {
    return { bytes: input.subarray(at, start + length), next: start + length, changed: false };
  }
  const { values, next } = convertAll(input, start, length === null ? null : start + length, depth);
  if (tag === (TAG.octetString | CONSTRUCTED)) {
    return { bytes: der(TAG.octetString, ...values.map(({ bytes }) => segment(bytes))), next, changed: true };
  }
  const changed = length === null || values.some((value) => value.changed);
  const bytes = changed ? der(tag, ...values.map((value) => value.bytes)) : input.subarray(at, next);
  return { bytes, next, changed };
}

/** @param end null where an end-of-contents tells it. */
function convertAll(input: Buffer, start: number, end: number | null, depth: number) {
  const values: Converted[] = [];
  let at = start;
  const inside = end === null ? input : input.subarray(0, end);
  for (;;) {
    if (at === end) return { values, next: at };
    if (end === null && input[at] === 0 && input[at + 1] === 0) return { values, next: at + END_OF_CONTENTS };
    const value = convert(inside, at, depth + 1);
    values.push(value);
    at = value.next;
  }
}

/** The content of one segment of a constructed OCTET STRING (X.690 §8.7.3). */
function segment(bytes: Buffer): Buffer {
  const { tag, start } = readBerHeader(bytes, 0);
  if (tag !== TAG.octetString)
    throw new BerError('unexpected', 'an OCTET STRING has a segment of another kind');
  return bytes.subarray(start);
}
