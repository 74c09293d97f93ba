// SPDX-License-Identifier: Apache-2.0
import { asBuffer } from '@securemail/mime';

const NOTHING = Buffer.alloc(0);
const YES = Promise.resolve(true);

/** A stream of chunks to be taken in pieces of any size, holding no more of it than was asked for. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = NOTHING;
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** What is here already; shares the chunk's memory. */
  get held(): Buffer {
    return this.#held;
  }

  /** Waits until `count` octets are held. @returns whether the source had so many. */
  has(count: number): Promise<boolean> {
    return this.#held.length >= count ? YES : this.#read(count);
  }

  async #read(count: number): Promise<boolean> {
    if (this.#held.length === 0 && !this.#ended) {
      const read = await this.#chunks.next();
      if (read.done === true) this.#ended = true;
      else this.#held = asBuffer(read.value);
      if (this.#held.length >= count) return true;
    }
    const parts = [this.#held];
    let size = this.#held.length;
    while (size < count && !this.#ended) {
      const read = await this.#chunks.next();
      if (read.done === true) {
        this.#ended = true;
        break;
      }
      parts.push(asBuffer(read.value));
      size += read.value.byteLength;
    }
    const [first = NOTHING, ...others] = parts.filter(({ length }) => length > 0);
    this.#held = others.length === 0 ? first : Buffer.concat([first, ...others]);
    return size >= count;
  }

  /** Waits for as much again as is held, so that looking through all of it each time stays cheap. */
  more(): Promise<boolean> {
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
  async *rest(): AsyncGenerator<Buffer, void, void> {
    while (await this.has(1)) yield this.takeHeld();
  }

  /** Reads to the end what nobody wants, so that whatever checks the source at its end is asked. */
  async drain(): Promise<void> {
    while (await this.has(1)) this.takeHeld();
  }

  async close(): Promise<void> {
    this.#held = NOTHING;
    this.#ended = true;
    await this.#chunks.return?.();
  }
}
