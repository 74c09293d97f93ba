// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** How far the last time in a ledger is ahead of the database's clock, of the ledger of which it is most. Seconds; 0: of none. */
export async function secondsAhead(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>({
    name: 'ledger/seconds-ahead',
    text: `select coalesce(extract(epoch from max(recorded_at) - now()), 0)::float8 as seconds
      from ledgers where recorded_at > now()`,
  });
  return rows[0]?.seconds ?? 0;
}

/**
 * The time that stands in the place of those that follow it: after a clock that was ahead, what is recorded has the time
 * that was told last, until it has come. So what was recorded before `at` can't be told from what was recorded since.
 *
 * @returns null where the two can be told apart. Clocks differ by a minute.
 */
export async function aheadOf(pool: Pool, tenantId: TenantId, at: Date): Promise<Date | null> {
  const { rows } = await pool.query<{ recordedAt: Date }>({
    name: 'ledger/ahead-of',
    text: `select recorded_at as "recordedAt" from (select recorded_at from ledger_leaves
        where tenant_id = $1 and recorded_at >= $2 order by recorded_at, leaf limit 1) as next
      where recorded_at > now() + interval '1 minute'`,
    values: [tenantId, at],
  });
  return rows[0]?.recordedAt ?? null;
}
