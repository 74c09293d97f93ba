// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';
import { pause } from '../backoff.ts';

/**
 * Runs `work` in at most one process at a time: the one that holds the named advisory lock. The lock lives and dies
 * with a database connection, so a killed process frees it at once. `work` is given a signal that says the lock is
 * lost or `closing` was asked for; afterwards the next holder goes on.
 */
export async function whileLeader(
  pool: Pool,
  name: string,
  closing: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!closing.aborted) {
    try {
      await leadOnce(pool, name, closing, work);
    } catch (error) {
      onFailure(error);
    }
    await pause(200, closing);
  }
}

async function leadOnce(
  pool: Pool,
  name: string,
  closing: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  const lost = new AbortController();
  const onLost = () => {
    lost.abort();
  };
  client.once('error', onLost);
  client.once('end', onLost);
  let healthy = false;
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [name],
    );
    if (rows[0]?.held === true) {
      await work(AbortSignal.any([closing, lost.signal]));
      if (!lost.signal.aborted)
        await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    }
    healthy = !lost.signal.aborted;
  } finally {
    client.off('error', onLost);
    client.off('end', onLost);
    client.release(!healthy);
  }
}
