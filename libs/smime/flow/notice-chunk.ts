// SPDX-License-Identifier: Apache-2.0

/** V8 keeps what is larger apart, and collects it late. */
const MOST = 64 * 1024;
const SLOT = 8;

let noticed: readonly unknown[] = [];

/**
 * To be called for each chunk of new memory: takes as much of the heap, for a moment. V8 gives back the memory of Buffers
 * when it collects young garbage, and it does that when the heap is full of such, however much Buffers hold: a mail that
 * streams through left 80 MB of them waiting, and all of them were new pages to the system. `npm run bench -- smime
 * --parts memory` shows it.
 *
 * @param size octets of the chunk.
 * @returns how many slots were taken, so that nothing is optimized away.
 */
export function noticeChunk(size: number): number {
  noticed = new Array<unknown>(Math.floor(Math.min(size, MOST) / SLOT));
  return noticed.length;
}
