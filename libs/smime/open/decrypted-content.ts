// SPDX-License-Identifier: Apache-2.0
import { MAX_HELD, type BerHeader, type BerReader } from '../asn1/ber-reader.ts';
import { children, context, der, sorted, TAG } from '../asn1/der.ts';
import { nextOf, type Chunks, type Waiting } from '../flow/flow.ts';
import { noticeChunk } from '../flow/notice-chunk.ts';
import type { ContentAlgorithm, Decryption } from './content-algorithm.ts';
import { UnopenableMessageError } from './unopenable.ts';

/**
 * The content of an EnvelopedData or AuthEnvelopedData, decrypted as it is read, and what stands behind it up to the
 * end of that structure. Padding or tag are checked before the last of it comes out.
 *
 * authAttrs come into the tag before the content but stand behind it, and `node:crypto` takes them only first. So
 * a content is held until it is known whether there are any, as far as what is held of a layer reaches; a longer one is
 * decrypted as it comes, and refused if they follow. RFC 5083 §2.1 demands them only where the content is not
 * id-data, so mail has none.
 *
 * @throws UnopenableMessageError, BerError, DerError
 */
export function* decryptedContent(
  reader: BerReader,
  header: BerHeader,
  algorithm: ContentAlgorithm,
  key: Buffer,
  depth: number,
): Chunks {
  const source = reader.octets(header);
  const held = algorithm.authenticated ? yield* firstOf(source, MAX_HELD) : NOTHING_HELD;
  const early = held.ended ? null : algorithm.start(key);
  if (early !== null) {
    for (const chunk of held.chunks) yield early.update(chunk);
    for (let read = yield* nextOf(source); read.done !== true; read = yield* nextOf(source)) {
      noticeChunk(read.value.length);
      const plain = early.update(read.value);
      if (plain.length > 0) yield plain;
    }
  }
  yield* reader.leave();
  const { attributes, mac } = algorithm.authenticated ? yield* readTag(reader, depth) : NO_TAG;
  if (early !== null && attributes !== null) {
    throw new UnopenableMessageError('unsupported', depth, 'authAttrs behind a long content');
  }
  const decryption = early ?? algorithm.start(key, attributes ?? undefined);
  const rest = early === null ? held.chunks.map((chunk) => decryption.update(chunk)) : [];
  const last = Buffer.concat([...rest, finalOf(decryption, mac, depth)]);
  const unauthenticated = yield* reader.next();
  if (unauthenticated !== null) yield* reader.value(unauthenticated);
  yield* reader.leave();
  if (last.length > 0) yield last;
}

const NOTHING_HELD = { chunks: [], ended: false };
const NO_TAG = { attributes: null, mac: null };

/** Takes chunks until they are more than `limit` octets, or no more come. */
function* firstOf(source: Chunks, limit: number): Waiting<{ chunks: Buffer[]; ended: boolean }> {
  const chunks: Buffer[] = [];
  for (let size = 0; size <= limit;) {
    const read = yield* nextOf(source);
    if (read.done === true) return { chunks, ended: true };
    chunks.push(Buffer.from(read.value));
    size += read.value.length;
  }
  return { chunks, ended: false };
}

/** @returns `attributes` as the tag is over them (RFC 5083 §2.2): a SET OF in DER; null where there are none. */
function* readTag(reader: BerReader, depth: number): Waiting<{ attributes: Buffer | null; mac: Buffer }> {
  let header = yield* reader.next();
  let attributes: Buffer | null = null;
  if (header?.tag === context(1)) {
    const values = children(yield* reader.value(header)).map(({ bytes }) => bytes);
    attributes = der(TAG.set, ...sorted(values));
    header = yield* reader.next();
  }
  if (header?.tag !== TAG.octetString) throw new UnopenableMessageError('malformed-cms', depth, 'no mac');
  return { attributes, mac: (yield* reader.value(header)).content };
}

function finalOf(decryption: Decryption, mac: Buffer | null, depth: number): Buffer {
  try {
    return decryption.final(mac);
  } catch {
    throw new UnopenableMessageError('decryption-failed', depth);
  }
}
