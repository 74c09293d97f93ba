// SPDX-License-Identifier: Apache-2.0
import { settledWithin } from '@securemail/event-log';
import type { Pool } from '@securemail/event-store';

export interface Readiness {
  ready: boolean;
  /** What does not answer. */
  missing: 'database'[];
}

/** Who asks after us has little patience. Milliseconds. */
const PATIENCE_MS = 3_000;

/**
 * Tells whether what a service needs answers, within about three seconds also where a database takes connections and says
 * nothing. All who ask at the same time share one question: else they would take, one by one, the connections of the pool.
 */
export function readinessOf(pool: Pool): () => Promise<Readiness> {
  let asking: Promise<boolean> | null = null;
  const answers = (): Promise<boolean> => {
    // Of `pg`, which its types do not know: a connection on which nothing is answered is ended.
    const question = { text: 'select 1', query_timeout: PATIENCE_MS };
    asking ??= pool
      .query(question)
      .then(
        () => true,
        () => false,
      )
      .finally(() => (asking = null));
    return asking;
  };
  return async () => {
    const asked = answers();
    const ready = (await settledWithin(asked, PATIENCE_MS)) && (await asked);
    return { ready, missing: ready ? [] : ['database'] };
  };
}
