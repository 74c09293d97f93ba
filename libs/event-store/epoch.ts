// SPDX-License-Identifier: Apache-2.0
import { inTransaction, type Pool, type Transaction } from './pool.ts';

/**
 * A checkpoint comes from before a restore of the database. It means nothing any more, for transaction ids began
 * again: begin at `GapSafeReader.start()`. What was dealt with before is skipped by the consumers' inboxes.
 */
export class EpochChangedError extends Error {
  override name = 'EpochChangedError';
}

export interface BeginningEpoch {
  /** Is told how many events are rewritten, every so often. */
  progressed?: (events: number) => void;
}

/** So many at once that no statement takes as long as a connection waits for one. */
const STEP = 50_000;

/**
 * To be called once after the database was restored from a backup, before any service starts: checkpoints of before
 * are refused with {@link EpochChangedError} from then on. Needs the owner of the tables; rewrites every event's
 * transaction id, which takes about as long as a copy of the table. All or nothing; harmless when called again.
 *
 * @returns how many events there are.
 */
export async function beginEpoch(
  pool: Pool,
  { progressed = () => undefined }: BeginningEpoch = {},
): Promise<number> {
  return inTransaction(pool, async (tx) => {
    // Otherwise who reads for long would let the connection's own limit pass, and the server go on waiting.
    await tx.query(`set local lock_timeout = '30s'`);
    await tx.query('lock table events in access exclusive mode');
    await tx.query('alter table events disable trigger events_append_only');
    let [events, after] = [0, '0'];
    for (;;) {
      const { count, last } = await rewriteSome(tx, after);
      if (last === null) break;
      [events, after] = [events + count, last];
      progressed(events);
    }
    await tx.query('alter table events enable trigger events_append_only');
    await tx.query('update event_epoch set epoch = gen_random_uuid(), began_at = now()');
    return events;
  });
}

/** Positions alone give each stream's order, and ids of another life may lie in this one's future. */
async function rewriteSome(tx: Transaction, after: string): Promise<{ count: number; last: string | null }> {
  const { rows } = await tx.query<{ count: number; last: string | null }>(
    `with part as (select position from events where position > $1 order by position limit $2),
      rewritten as (update events set txid = '0' from part where events.position = part.position)
     select count(*)::int as count, max(position)::text as last from part`,
    [after, STEP],
  );
  return rows[0] ?? { count: 0, last: null };
}
