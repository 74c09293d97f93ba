// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';

/** What the consumer's own tables say of an arriving event, in one round trip. */
export async function standingOf(
  pool: Pool,
  event: { id: EventId; emailId: EmailId },
): Promise<{ handled: boolean; blocked: boolean }> {
  const { rows } = await pool.query<{ handled: boolean; blocked: boolean }>(
    `select exists (select from inbox where event_id = $1) as handled,
            exists (select from dead_letters where email_id = $2) as blocked`,
    [event.id, event.emailId],
  );
  return rows[0] ?? { handled: false, blocked: false };
}

/** Another delivery of the same event was committed first: this one must leave no trace. */
export class AlreadyHandledError extends Error {
  override name = 'AlreadyHandledError';
}

/** @throws AlreadyHandledError where the event is in the inbox, so that the transaction rolls back. */
export async function recordHandled(tx: Transaction, eventId: EventId): Promise<void> {
  const { rowCount } = await tx.query('insert into inbox (event_id) values ($1) on conflict do nothing', [
    eventId,
  ]);
  if (rowCount === 0) throw new AlreadyHandledError(`event ${eventId} was handled already`);
}
