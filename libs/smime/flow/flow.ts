// SPDX-License-Identifier: Apache-2.0
import { asBuffer } from '@securemail/mime';

/** What a step waits for. Once it has settled the step goes on, or is thrown what it was rejected with. */
export type Pause = Promise<unknown>;

/**
 * A function that may pause; others call it with `yield*`. Opening a message is made of such functions, and not of
 * asynchronous ones, as those pause at each call, there or not: a chunk went through sixty promises on its way, which
 * took longer than to decrypt it. These pause where the source has nothing yet, and nowhere else.
 */
export type Waiting<T> = Generator<Pause, T, void> | Done<T>;

/** Chunks, none of them empty, with pauses between them. */
export type Chunks<T = void> = Generator<Pause | Buffer, T, void>;

/** A function that had no need to pause. */
export interface Done<T> extends Iterator<never, T, void> {
  [Symbol.iterator](): Done<T>;
}

/** What is known at once. */
export function done<T>(value: T): Done<T> {
  const result = { done: true, value } as const;
  const iterator: Done<T> = { next: () => result, [Symbol.iterator]: () => iterator };
  return iterator;
}

/** Waits for a promise. @throws what it is rejected with. */
export function* settled<T>(promise: PromiseLike<T>): Generator<Pause, T, void> {
  let result: { value: T } | undefined;
  // Whatever kind of promise it is, a Promise comes out, which no chunk is.
  yield Promise.resolve(promise).then((value) => {
    result = { value };
  });
  if (result === undefined) throw new Error('a step went on before what it waits for had settled');
  return result.value;
}

/** The chunks of a source, which stays open when they are left early: whoever opened it closes it. */
export function* chunksOf(source: AsyncIterator<Uint8Array>): Chunks {
  for (;;) {
    const read = yield* settled(source.next());
    if (read.done === true) return;
    const chunk = asBuffer(read.value);
    if (chunk.length > 0) yield chunk;
  }
}

/**
 * The next chunk. A pause is waited for in its place, and what it is rejected with is thrown where it was asked for:
 * whoever takes chunks one by one takes them with this, as `yield*` over all of them does by itself.
 */
export function* nextOf<T>(chunks: Chunks<T>): Generator<Pause, IteratorResult<Buffer, T>, void> {
  let read = chunks.next();
  for (;;) {
    if (read.done === true) return read;
    const { value } = read;
    if (!(value instanceof Promise)) return { value };
    try {
      yield value;
    } catch (error) {
      read = chunks.throw(error);
      continue;
    }
    read = chunks.next();
  }
}

/** Each chunk is shown to `see`, then handed on. */
export function* seen<T>(chunks: Chunks<T>, see: (chunk: Buffer) => void): Chunks<T> {
  for (;;) {
    const read = yield* nextOf(chunks);
    if (read.done === true) return read.value;
    see(read.value);
    yield read.value;
  }
}

/** Copies chunks that are only good until the next is asked for, so that they stay. */
export function* owned<T>(chunks: Chunks<T>): Chunks<T> {
  for (;;) {
    const read = yield* nextOf(chunks);
    if (read.done === true) return read.value;
    yield Buffer.from(read.value);
  }
}

/** Takes all chunks. @returns what their source returns. */
export function* taken<T>(chunks: Chunks<T>, take: (chunk: Buffer) => void): Generator<Pause, T, void> {
  for (;;) {
    const read = yield* nextOf(chunks);
    if (read.done === true) return read.value;
    take(read.value);
  }
}

/** Octets that are here already. */
export function* only(bytes: Buffer): Chunks {
  if (bytes.length > 0) yield bytes;
}

/** Runs a function that may pause to its end. */
export async function run<T>(waiting: Waiting<T>): Promise<T> {
  const flow = waiting as Generator<Pause, T, void>;
  let read = flow.next();
  while (read.done !== true) {
    try {
      await read.value;
    } catch (error) {
      read = flow.throw(error);
      continue;
    }
    read = flow.next();
  }
  return read.value;
}

/** Chunks for those who know no pauses. */
export async function* streamOf(chunks: Chunks): AsyncGenerator<Buffer, void, void> {
  for (;;) {
    const read = await run(nextOf(chunks));
    if (read.done === true) return;
    yield read.value;
  }
}
