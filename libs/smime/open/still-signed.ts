// SPDX-License-Identifier: Apache-2.0
import { ByteQueue } from '../asn1/byte-queue.ts';
import { nextOf, seen, type Chunks } from '../flow/flow.ts';

/** An entity that is read further in, and handed out as it stands. */
export interface StillSigned {
  /** Of layers around it. */
  readonly depth: number;
  /** To be read in place of the entity's own. */
  readonly queue: ByteQueue;
  /** The whole entity, while `content`, which comes out of reading it, is read to its end. */
  during(content: Chunks): Chunks;
  /** It is not to be handed out after all: nothing of it is held any more. */
  forget(): void;
}

/** @param start octets of the entity that were taken from the queue already. */
export function stillSigned(start: Buffer, queue: ByteQueue, depth: number): StillSigned {
  // Chunks may only be good until the next is asked for.
  let passed: Buffer[] = [Buffer.from(start)];
  let wanted = true;
  const take = (chunk: Buffer) => {
    if (wanted) passed.push(Buffer.from(chunk));
  };
  return {
    depth,
    queue: new ByteQueue(seen(queue.rest(), take)),
    *during(content) {
      for (;;) {
        const read = yield* nextOf(content);
        const chunks = passed;
        passed = [];
        yield* chunks;
        if (read.done === true) return;
      }
    },
    forget() {
      wanted = false;
      passed = [];
    },
  };
}
