// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import { inTransaction, type Pool } from '@securemail/event-store';
import { keep, lockEmails } from '../adapters/projection.ts';
import { isKept } from '../domain/kept.ts';
import { openPartOf, sealedIn } from '../ledger/adapters/readable.ts';
import { deleteUnrecorded, unrecordedBefore, type Unrecorded } from './unrecorded.ts';

const TOGETHER = 200;
/** So long it may take until what is heard is recorded. Milliseconds. */
const RECORDED_WITHIN_MS = 600_000;
const MOST_TOLD = 100;

export interface Restoring {
  progressed: (events: number) => void;
  /** What becomes of what was heard and is not in the ledger; `refuse`: where there is any, nothing is done. */
  unrecorded: 'refuse' | 'keep' | 'delete';
  recordedWithinMs?: number;
}

export interface Restored {
  /** That are as they were recorded. */
  events: number;
  /** That the ledger does not have, and that were taken away. */
  deleted: number;
  /** Leaves that are no event any more: what was heard of these stays as it is. The first hundred. */
  unreadable: { tenantId: TenantId; leaf: number }[];
  unreadableCount: number;
}

/** Somebody has to say what becomes of it: the ledger may only be behind. */
export class UnrecordedError extends Error {
  override name = 'UnrecordedError';
  constructor(readonly unrecorded: Unrecorded) {
    super(`${unrecorded.events} events were heard that the ledger does not have`);
  }
}

/** What {@link restoreHistory} would have to be told about. */
export const notInLedger = (pool: Pool, recordedWithinMs = RECORDED_WITHIN_MS): Promise<Unrecorded> =>
  unrecordedBefore(pool, new Date(Date.now() - recordedWithinMs));

/**
 * Makes what receipts has heard of emails anew from what the ledger has: what was changed, moved or lost is as it was
 * recorded, and takes the place of what stands there. Whether the ledger itself is what it was shows before, when it is
 * verified.
 *
 * @throws UnrecordedError where something was heard that the ledger does not have, and nobody said what becomes of it.
 */
export async function restoreHistory(
  pool: Pool,
  { progressed, unrecorded, recordedWithinMs = RECORDED_WITHIN_MS }: Restoring,
): Promise<Restored> {
  // What comes later than this is left alone, however long it takes.
  const before = new Date(Date.now() - recordedWithinMs);
  if (unrecorded === 'refuse') {
    const found = await unrecordedBefore(pool, before);
    if (found.events > 0) throw new UnrecordedError(found);
  }
  const restored: Restored = { events: 0, deleted: 0, unreadable: [], unreadableCount: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000' as EmailId; ;) {
    const { rows: page } = await pool.query<{ emailId: EmailId }>({
      name: 'receipts/streams-in-ledger',
      text: `select distinct email_id as "emailId" from ledger_leaves where email_id > $1 order by 1 limit $2`,
      values: [after, TOGETHER],
    });
    const last = page.at(-1);
    if (last === undefined) break;
    const emailIds = page.map(({ emailId }) => emailId);
    const { events, unreadable } = await restore(pool, emailIds);
    restored.events += events;
    restored.unreadableCount += unreadable.length;
    restored.unreadable.push(...unreadable.slice(0, MOST_TOLD - restored.unreadable.length));
    progressed(restored.events);
    after = last.emailId;
  }
  if (unrecorded === 'delete') restored.deleted = await deleteUnrecorded(pool, before);
  return restored;
}

async function restore(
  pool: Pool,
  emailIds: readonly EmailId[],
): Promise<{ events: number; unreadable: Restored['unreadable'] }> {
  return inTransaction(pool, async (tx) => {
    await lockEmails(tx, emailIds);
    const { rows } = await tx.query<{ tenantId: TenantId; leaf: string; content: string }>({
      name: 'receipts/leaves-of-emails',
      text: `select tenant_id as "tenantId", leaf, content from ledger_leaves
        where email_id = any($1::uuid[]) order by leaf`,
      values: [emailIds],
    });
    const read = rows.map(({ tenantId, leaf, content }) => {
      const event = sealedIn(content)?.event ?? null;
      return { tenantId, leaf, event: event === null || openPartOf(event) === null ? null : event };
    });
    const events = read.flatMap(({ event }) => (event !== null && isKept(event) ? [event] : []));
    const unreadable = read.flatMap(({ event, tenantId, leaf }) =>
      event === null ? [{ tenantId, leaf: Number(leaf) }] : [],
    );
    // Beside those that are to be there: what stands in their places, and was never recorded.
    await tx.query(
      `delete from history h where event_id = any($1::uuid[])
        or (email_id, source, sequence) in (select * from unnest($2::uuid[], $3::text[], $4::int[]))`,
      [
        events.map(({ id }) => id),
        events.map(({ emailId }) => emailId),
        events.map(({ source }) => source),
        events.map(({ sequence }) => sequence),
      ],
    );
    await keep(tx, events);
    return { events: events.length, unreadable };
  });
}
