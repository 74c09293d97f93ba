// SPDX-License-Identifier: Apache-2.0
import { done, nextOf, type Chunks, type Pause, type Waiting } from '../flow/flow.ts';

const NOTHING = Buffer.alloc(0);
const YES = done(true);

/**
 * Chunks to be taken in pieces of any size, holding no more of them than was asked for. What is held or taken is only
 * good until more is asked for, where that is so of the chunks.
 */
export class ByteQueue {
  readonly #chunks: Chunks;
  #held: Buffer = NOTHING;

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  /** What is here already; shares the chunk's memory. */
  get held(): Buffer {
    return this.#held;
  }

  /** Waits until `count` octets are held. @returns whether the source had so many. */
  has(count: number): Waiting<boolean> {
    return this.#held.length >= count ? YES : this.#read(count);
  }

  *#read(count: number): Generator<Pause, boolean, void> {
    const parts: Buffer[] = [];
    let last = this.#held;
    let size = last.length;
    while (size < count) {
      // The next chunk may come where this one is.
      if (last.length > 0) parts.push(Buffer.from(last));
      last = NOTHING;
      const read = yield* nextOf(this.#chunks);
      if (read.done === true) break;
      last = read.value;
      size += last.length;
    }
    this.#held = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    return size >= count;
  }

  /** Waits for as much again as is held, so that looking through all of it each time stays cheap. */
  more(): Waiting<boolean> {
    return this.has(Math.max(1, this.#held.length * 2));
  }

  /** Takes at most `count` octets of those held. */
  take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** Takes all of those held. */
  takeHeld(): Buffer {
    const taken = this.#held;
    this.#held = NOTHING;
    return taken;
  }

  /** Everything that is left, chunk by chunk. */
  *rest(): Chunks {
    if (this.#held.length > 0) yield this.takeHeld();
    yield* this.#chunks;
  }

  /** Reads to the end what nobody wants, so that whatever checks the source at its end is asked. */
  *drain(): Waiting<void> {
    while (yield* this.has(1)) this.takeHeld();
  }
}
