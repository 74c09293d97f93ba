// SPDX-License-Identifier: Apache-2.0
import type { DigestAlgorithm } from '../algorithms/digests.ts';
import { EntityChangedError } from '../errors.ts';

/**
 * A MIME entity (RFC 2045 §2.4): header lines, an empty line, a body, in canonical form with CRLF line ends.
 * It can be opened again and again, and gives the same bytes each time; nothing keeps them in memory.
 */
export interface MimeEntity {
  /** Octets. */
  readonly size: number;
  /** Digest of its octets where its maker has seen them all; saves a reading where a signer wants this very one. */
  readonly digest?: { readonly algorithm: DigestAlgorithm; readonly value: Buffer } | undefined;
  open(): AsyncIterable<Buffer>;
}

const CHUNK = 64 * 1024;

/** An entity that lies in memory, in chunks small enough to stream. */
export function entityOf(bytes: Buffer): MimeEntity {
  return { size: bytes.length, open: () => slices(bytes) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- the consumer wants an asynchronous source
async function* slices(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** `before`, the entity, `after`: one entity, whose length is known beforehand. */
export function enclose(before: Buffer, inner: MimeEntity, after: Buffer): MimeEntity {
  return {
    size: before.length + inner.size + after.length,
    open: async function* () {
      yield before;
      yield* checkedSize(inner);
      if (after.length > 0) yield after;
    },
  };
}

/**
 * The bytes of an entity, which must be as many as it says: lengths are written before the bytes they count.
 *
 * @throws EntityChangedError where it gives more or fewer.
 */
export async function* checkedSize(entity: MimeEntity): AsyncGenerator<Buffer, void, void> {
  let left = entity.size;
  for await (const chunk of entity.open()) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new EntityChangedError();
}
