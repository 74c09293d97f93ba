// SPDX-License-Identifier: Apache-2.0
import { ConcurrencyError } from './event-store.ts';

/** Each loss is another one's append, so more in a row mean that something else is wrong. */
const MOST_TRIES = 20;

/**
 * Tries an append again where another one to the same stream was first: for what does not depend on what stands there, such
 * as that somebody looked.
 */
export async function whoeverElseAppends<Result>(append: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1)
    try {
      return await append();
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || tries === MOST_TRIES) throw error;
    }
}
