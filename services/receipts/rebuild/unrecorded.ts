// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';

/** What receipts has heard that the ledger does not have: on its way there, or never appended by any service. */
export interface Unrecorded {
  events: number;
  emails: number;
  /** When the first and the last of them happened, as they say themselves; null where there are none. */
  from: string | null;
  to: string | null;
  /** When the ledger took something last. Where that is long ago, or about then, it is behind. */
  ledgerRecordedAt: Date | null;
}

/**
 * What was not recorded of what is older than `before`, but what stands in the place of something that was: each place of an
 * email is one event's.
 */
export async function unrecordedBefore(pool: Pool, before: Date): Promise<Unrecorded> {
  const { rows } = await pool.query<Unrecorded>({
    name: 'receipts/unrecorded',
    text: `select count(*)::int as events, count(distinct email_id)::int as emails, min(event->>'time') as from,
        max(event->>'time') as to, (select max(recorded_at) from ledger_leaves) as "ledgerRecordedAt"
      from history where ${IS_UNRECORDED}`,
    values: [before.toISOString()],
  });
  return rows[0] ?? { events: 0, emails: 0, from: null, to: null, ledgerRecordedAt: null };
}

/** @returns how many events were taken away. */
export async function deleteUnrecorded(pool: Pool, before: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'receipts/delete-unrecorded',
    text: `delete from history where ${IS_UNRECORDED}`,
    values: [before.toISOString()],
  });
  return rowCount ?? 0;
}

// Times of events are all written alike, and compare as texts.
const IS_UNRECORDED = `event->>'time' < $1
  and not exists (select from ledger_leaves l where l.event_id = history.event_id)`;
