// SPDX-License-Identifier: Apache-2.0
import { setImmediate as breath } from 'node:timers/promises';

/**
 * Does what takes the processor for long one after the other for each session: who asks for much at once waits for
 * himself, and others have their turn between.
 */
export function inTurn(): <Result>(sessionId: string, work: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return async (sessionId, work) => {
    const before = last.get(sessionId) ?? Promise.resolve();
    const mine = before.then(async () => {
      await breath();
      return await work();
    });
    const settled = mine.catch(() => undefined);
    last.set(sessionId, settled);
    try {
      return await mine;
    } finally {
      if (last.get(sessionId) === settled) last.delete(sessionId);
    }
  };
}
