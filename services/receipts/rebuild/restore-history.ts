// SPDX-License-Identifier: Apache-2.0
import type { EmailId, SealedEvent } from '@securemail/contracts';
import { inTransaction, type Pool } from '@securemail/event-store';
import { eventIn } from '@securemail/ledger';
import { keep, lockEmails } from '../adapters/projection.ts';
import { isKept } from '../domain/kept.ts';

const TOGETHER = 200;
/** So long it may take until what is heard is recorded. Milliseconds. */
const RECORDED_WITHIN_MS = 600_000;

/**
 * Makes what receipts has heard of emails anew from what the ledger has: what was changed, moved or lost is as it was
 * recorded, and what was never recorded is gone. Whether the ledger itself is what it was shows before, when it is verified.
 *
 * @returns how many events were restored.
 */
export async function restoreHistory(
  pool: Pool,
  {
    progressed,
    recordedWithinMs = RECORDED_WITHIN_MS,
  }: { progressed: (events: number) => void; recordedWithinMs?: number },
): Promise<number> {
  let events = 0;
  for (let after = '00000000-0000-0000-0000-000000000000' as EmailId; ;) {
    const { rows: page } = await pool.query<{ emailId: EmailId }>({
      name: 'receipts/streams-in-ledger',
      text: `select distinct email_id as "emailId" from ledger_leaves where email_id > $1 order by 1 limit $2`,
      values: [after, TOGETHER],
    });
    const last = page.at(-1);
    if (last === undefined) break;
    const emailIds = page.map(({ emailId }) => emailId);
    events += await restore(pool, emailIds);
    progressed(events);
    after = last.emailId;
  }
  await pool.query(
    `delete from history h where event->>'time' < $1
      and not exists (select from ledger_leaves l where l.event_id = h.event_id)`,
    [new Date(Date.now() - recordedWithinMs).toISOString()],
  );
  return events;
}

async function restore(pool: Pool, emailIds: readonly EmailId[]): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await lockEmails(tx, emailIds);
    const { rows } = await tx.query<{ content: string }>({
      name: 'receipts/leaves-of-emails',
      text: 'select content from ledger_leaves where email_id = any($1::uuid[]) order by leaf',
      values: [emailIds],
    });
    const events = rows.map(({ content }): SealedEvent => eventIn(content).event).filter(isKept);
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
    return events.length;
  });
}
