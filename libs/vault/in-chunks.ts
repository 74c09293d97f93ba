// SPDX-License-Identifier: Apache-2.0
import { CHUNK_SIZE } from './chunk-cipher.ts';

export interface Chunk {
  bytes: Buffer;
  index: number;
  last: boolean;
}

/** Cuts a stream into chunks of CHUNK_SIZE; only the last may be shorter, and an empty stream is one empty chunk. */
export async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Chunk, void, undefined> {
  let filling = Buffer.allocUnsafe(CHUNK_SIZE);
  let filled = 0;
  let index = 0;
  for await (const piece of content) {
    for (let taken = 0; taken < piece.length;) {
      if (filled === CHUNK_SIZE) {
        yield { bytes: filling, index, last: false };
        filling = Buffer.allocUnsafe(CHUNK_SIZE);
        filled = 0;
        index += 1;
      }
      const part = piece.subarray(taken, taken + CHUNK_SIZE - filled);
      filling.set(part, filled);
      filled += part.length;
      taken += part.length;
    }
  }
  yield { bytes: filling.subarray(0, filled), index, last: true };
}
