// SPDX-License-Identifier: Apache-2.0
import { ByteQueue } from '../asn1/byte-queue.ts';
import { chunksOf } from '../flow/flow.ts';

/** The bytes as a stream, cut at odd places: sizes in turn, from the first again when all are used. */
// eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source is wanted
export async function* inChunks(bytes: Buffer, ...sizes: number[]): AsyncGenerator<Buffer, void, void> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The bytes to be taken, arriving in chunks of those sizes, each after a pause. */
export const queueOf = (bytes: Buffer, ...sizes: number[]): ByteQueue =>
  new ByteQueue(chunksOf(inChunks(bytes, ...sizes)));
