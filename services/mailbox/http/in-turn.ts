// SPDX-License-Identifier: Apache-2.0
import { setImmediate as breath } from 'node:timers/promises';
import type { Reader } from '../adapters/messages.ts';

/**
 * Does what takes the processor for long one after the other for each person, in however many browsers: who asks for much
 * at once waits for himself, and others have their turn between.
 */
export function inTurn(): <Result>(
  of: Pick<Reader, 'tenantId' | 'person'>,
  work: () => Promise<Result>,
) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return async ({ tenantId, person }, work) => {
    const reader = `${tenantId} ${person.toString('hex')}`;
    const before = last.get(reader) ?? Promise.resolve();
    const mine = before.then(async () => {
      await breath();
      return await work();
    });
    const settled = mine.catch(() => undefined);
    last.set(reader, settled);
    try {
      return await mine;
    } finally {
      if (last.get(reader) === settled) last.delete(reader);
    }
  };
}

/** For all that is saved as a PDF, whoever wrote it. */
export const pdfInTurn = inTurn();
