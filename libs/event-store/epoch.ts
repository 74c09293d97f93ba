// SPDX-License-Identifier: Apache-2.0
import { inTransaction, type Pool } from './pool.ts';

/**
 * A checkpoint comes from before a restore of the database. It means nothing any more, for transaction ids began
 * again: begin at `GapSafeReader.start()`. What was dealt with before is skipped by the consumers' inboxes.
 */
export class EpochChangedError extends Error {
  override name = 'EpochChangedError';
}

/**
 * To be called once after the database was restored from a backup, before any service starts: checkpoints of before
 * are refused with {@link EpochChangedError} from then on. Needs the owner of the tables; rewrites every event's
 * transaction id, which takes about as long as a copy of the table.
 */
export async function beginEpoch(pool: Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query('lock table events in access exclusive mode');
    await tx.query('alter table events disable trigger events_append_only');
    // Positions alone give each stream's order, and ids of another life may lie in this one's future.
    await tx.query(`update events set txid = '0'`);
    await tx.query('alter table events enable trigger events_append_only');
    await tx.query('update event_epoch set epoch = gen_random_uuid(), began_at = now()');
  });
}
