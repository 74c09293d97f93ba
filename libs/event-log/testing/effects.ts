// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { BatchContext, EventContext } from '../consumer/event-context.ts';

/** What a test's handler does: writes down, in its own transaction, which event it handled. No key forbids a second time. */
export const createEffects = (pool: Pool) =>
  pool.query(
    'create table if not exists effects (place bigint generated always as identity, email_id uuid, sequence int, handler text)',
  );

export const recordEffect =
  (handler = '') =>
  async (context: EventContext): Promise<void> => {
    await context.commit((tx) =>
      tx.query('insert into effects (email_id, sequence, handler) values ($1, $2, $3)', [
        context.event.emailId,
        context.event.sequence,
        handler,
      ]),
    );
  };

/** The same for many events at once, in one transaction. */
export const recordEffects = (context: BatchContext): Promise<void> =>
  context.commit(async (tx) => {
    for (const { emailId, sequence } of context.sealedEvents)
      await tx.query(`insert into effects (email_id, sequence, handler) values ($1, $2, '')`, [
        emailId,
        sequence,
      ]);
  });

export interface Effect {
  emailId: EmailId;
  sequence: number;
  handler: string;
}

/** In the order they were made. */
export async function effects(pool: Pool): Promise<Effect[]> {
  const { rows } = await pool.query<Effect>(
    'select email_id as "emailId", sequence, handler from effects order by place',
  );
  return rows;
}
