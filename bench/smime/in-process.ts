// SPDX-License-Identifier: Apache-2.0
import type { Contender, Prepared, Task } from './contender.ts';

/** Does the whole operation once; what comes out goes to `take`, in pieces of any size. */
export type Operation = (take: (piece: Uint8Array) => void) => Promise<void> | void;

/** A contender that is a function in this process. */
export const inProcess = (
  operationFor: (task: Task) => Promise<Operation | null> | Operation | null,
): Contender => ({
  prepare: async (task) => {
    const operation = await operationFor(task);
    return operation === null ? null : prepared(operation);
  },
  close: () => Promise.resolve(),
});

export const prepared = (operation: Operation): Prepared => ({
  once: async () => {
    const pieces: Uint8Array[] = [];
    await operation((piece) => pieces.push(piece));
    return Buffer.concat(pieces);
  },
  rate: async (seconds) => {
    const start = performance.now();
    let done = 0;
    let elapsed = 0;
    do {
      // A synchronous operation does not pay for a turn of the event loop.
      const pending = operation(ignore);
      if (pending !== undefined) await pending;
      done += 1;
      elapsed = performance.now() - start;
    } while (elapsed < seconds * 1_000);
    return (done / elapsed) * 1_000;
  },
});

const ignore = () => undefined;
