// SPDX-License-Identifier: Apache-2.0
/**
 * Writing and reading DER (ITU-T X.690), as little as CMS needs. Ours because node-forge builds whole trees as
 * strings, while an EnvelopedData of 150 MB needs its lengths written before its content exists.
 */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific tag, constructed, as `[n] EXPLICIT` and `[n] IMPLICIT SET` have it. */
export const context = (number: number) => 0xa0 | number;
/** Context-specific tag, primitive, as `[n] IMPLICIT OCTET STRING` has it. */
export const contextPrimitive = (number: number) => 0x80 | number;

/** Tag and definite length of a value of `length` octets. */
export function derHeader(tag: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(headerSize(length));
  writeHeader(header, tag, length);
  return header;
}

export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  let length = 0;
  for (const part of content) length += part.length;
  let at = headerSize(length);
  const value = Buffer.allocUnsafe(at + length);
  writeHeader(value, tag, length);
  for (const part of content) at += part.copy(value, at);
  return value;
}

function headerSize(length: number): number {
  let size = 2;
  if (length >= 0x80) for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size += 1;
  return size;
}

function writeHeader(into: Buffer, tag: number, length: number): void {
  into[0] = tag;
  const octets = headerSize(length) - 2;
  if (octets === 0) into[1] = length;
  else {
    into[1] = 0x80 | octets;
    into.writeUIntBE(length, 2, octets);
  }
}

export const sequence = (...content: readonly Buffer[]) => der(TAG.sequence, ...content);
/** The elements of a SET OF, sorted as DER wants (X.690 §11.6). */
export const sorted = (elements: readonly Buffer[]) => elements.toSorted((a, b) => Buffer.compare(a, b));
export const setOf = (...elements: readonly Buffer[]) => der(TAG.set, ...sorted(elements));
export const octetString = (bytes: Buffer) => der(TAG.octetString, bytes);
export const smallInteger = (value: number) => der(TAG.integer, Buffer.of(value));
export const NULL = der(TAG.null);

/** `1.2.840.113549` and so on. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (arc: number): number[] => {
    const octets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      octets.unshift((left % 128) | 0x80);
    }
    return octets;
  };
  return der(TAG.oid, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5652 §11.3); seconds, UTC. */
export function time(at: Date): Buffer {
  const digits = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const year = at.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(digits));
}

/** A value as read: `bytes` is all of it, `content` what its length counts; both share the input's memory. */
export interface DerValue {
  readonly tag: number;
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/** Not DER, or not of the shape that was expected. */
export class DerError extends Error {
  override name = 'DerError';
}

/** Where the content of the value at `offset` starts and ends, for who reads too many to have a Buffer of each. @throws DerError */
export function derExtent(input: Buffer, offset: number): { start: number; end: number } {
  const tag = input[offset];
  const first = input[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('no DER value');
  let length = first;
  let start = offset + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > input.length) throw new DerError('no definite length');
    length = input.readUIntBE(start, count);
    start += count;
  }
  if (start + length > input.length) throw new DerError('a value is cut off');
  return { start, end: start + length };
}

/** Reads the value that starts at `offset`. @throws DerError */
export function readDer(input: Buffer, offset = 0): DerValue {
  const { start, end } = derExtent(input, offset);
  return { tag: input[offset] ?? 0, bytes: input.subarray(offset, end), content: input.subarray(start, end) };
}

/** The values one after another in the content of a constructed value. @throws DerError */
export function children({ content }: DerValue): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < content.length; at += values.at(-1)?.bytes.length ?? content.length) {
    values.push(readDer(content, at));
  }
  return values;
}

/** Some dozens stand in all mail there is; the others, which anybody may make up, are not kept. */
const MOST_OIDS = 500;
const LONGEST_OID = 20;
const oids = new Map<string, string>();

/** An OBJECT IDENTIFIER as dotted text, of arcs up to 2^53. @throws DerError for any other value. */
export function readOid(value: DerValue): string {
  if (value.tag !== TAG.oid || value.content.length === 0) throw new DerError('no object identifier');
  const octets = value.content.toString('latin1');
  const dotted = oids.get(octets) ?? dottedOf(value.content);
  if (oids.size < MOST_OIDS && octets.length <= LONGEST_OID) oids.set(octets, dotted);
  return dotted;
}

/** Above this the next seven bits are too much for a number. */
const LONG_ARC = 2 ** 45;
/** The longest in use are UUIDs (ITU-T X.667). */
const ARCS_END = 2n ** 128n;

/** Whoever may write one identifier in two ways shows it to one reader and hides it from another (X.690 §8.19.2). */
function dottedOf(content: Buffer): string {
  if ((content.at(-1) ?? 0) >= 0x80) throw new DerError('an object identifier is cut off');
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  for (const octet of content) {
    if (arc === 0 && octet === 0x80) throw new DerError('an object identifier is padded');
    arc = arc < LONG_ARC ? Number(arc) * 128 + (octet & 0x7f) : BigInt(arc) * 128n + BigInt(octet & 0x7f);
    if (arc >= ARCS_END) throw new DerError('an object identifier with an arc over 2^128');
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const root = head < 80 ? Math.floor(Number(head) / 40) : 2;
  return [root, BigInt(head) - BigInt(root * 40), ...rest].join('.');
}
