// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailId } from '@securemail/contracts';
import { inTransaction, type Pool } from '@securemail/event-store';
import { heardOf, lockEmails, rowOf, save, type RemindAfterHours } from '../adapters/projection.ts';
import { NEXT, NOT_PROJECTED, openNext, removeNext, switchToNext } from './next-table.ts';

export interface Rebuilding {
  remindAfterHours: RemindAfterHours;
  progressed: (emails: number) => void;
}

const TOGETHER = 200;
const MOST_TRIES = 30;
/** One at a time, in whichever process. */
const LOCK = `hashtextextended('receipts/rebuild', 0)`;

/** Somebody else does so already. */
export class BeingRebuiltError extends Error {
  override name = 'BeingRebuiltError';
}

/**
 * Makes what is shown of all emails anew, from what receipts has heard of them, beside the live one: everything goes on
 * meanwhile, in both, and at the end the new one takes the place of the other. Where it does not come to its end, nothing is
 * changed.
 *
 * @returns how many emails there are.
 * @throws BeingRebuiltError
 */
export async function rebuildEmails(
  pool: Pool,
  { remindAfterHours, progressed }: Rebuilding,
): Promise<number> {
  const holder = await pool.connect();
  try {
    const { rows } = await holder.query<{ held: boolean }>(`select pg_try_advisory_lock(${LOCK}) as held`);
    if (rows[0]?.held !== true) throw new BeingRebuiltError('what is shown is being made anew already');
    try {
      await removeNext(pool);
      await openNext(pool);
      const emails = await fill(pool, { remindAfterHours, progressed });
      await switched(pool);
      return emails;
    } catch (error) {
      await removeNext(pool);
      throw error;
    } finally {
      await holder.query(`select pg_advisory_unlock(${LOCK})`);
    }
  } finally {
    holder.release();
  }
}

async function fill(pool: Pool, { remindAfterHours, progressed }: Rebuilding): Promise<number> {
  let emails = 0;
  for (let after = '00000000-0000-0000-0000-000000000000' as EmailId; ;) {
    const { rows: page } = await pool.query<{ emailId: EmailId }>({
      name: 'receipts/emails-heard-of',
      text: `select email_id as "emailId" from history where name = 'EmailAccepted' and email_id > $1
        order by email_id limit $2`,
      values: [after, TOGETHER],
    });
    const last = page.at(-1);
    if (last === undefined) return emails;
    const emailIds = page.map(({ emailId }) => emailId);
    await inTransaction(pool, async (tx) => {
      await lockEmails(tx, emailIds);
      // So that whoever marks one meanwhile finds it in both afterwards.
      await tx.query('select from emails where email_id = any($1::uuid[]) order by email_id for update', [
        emailIds,
      ]);
      const histories = await heardOf(tx, emailIds);
      const projected = await Promise.all(
        [...histories.values()].map((each) => rowOf(each, remindAfterHours)),
      );
      await save(
        tx,
        projected.filter((row) => row !== null),
        NEXT,
      );
      await tx.query({
        name: 'receipts/marks-of-emails',
        text: `update ${NEXT} n set ${NOT_PROJECTED.map((name) => `${name} = e.${name}`).join(', ')}
          from emails e where e.email_id = n.email_id and n.email_id = any($1::uuid[])`,
        values: [emailIds],
      });
    });
    emails += page.length;
    progressed(emails);
    after = last.emailId;
  }
}

/** While others use the table, which is hardly ever for longer than a moment, it is tried again. */
async function switched(pool: Pool): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      await switchToNext(pool);
      return;
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && error.code === '55P03';
      if (!isBusy || tries === MOST_TRIES) throw error;
      await sleep(500);
    }
}
