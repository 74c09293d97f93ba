// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId, SealedEvent } from '@securemail/contracts';
import type { AppendOptions, Pool, Transaction } from '@securemail/event-store';

export interface Standing {
  handled: Set<EventId>;
  /** Emails that have a dead letter: their further events wait behind it. */
  blocked: Set<EmailId>;
}

/** What the consumer's own tables say of arriving events, in one round trip. */
export async function standingOf(pool: Pool, events: readonly SealedEvent[]): Promise<Standing> {
  const { rows } = await pool.query<{ handled: EventId | null; blocked: EmailId | null }>({
    name: 'consumer/standing',
    text: `select event_id as handled, null::uuid as blocked from inbox where event_id = any($1::uuid[])
           union all
           select null, email_id from dead_letters where email_id = any($2::uuid[])`,
    values: [events.map(({ id }) => id), events.map(({ emailId }) => emailId)],
  });
  return {
    handled: new Set(rows.flatMap(({ handled }) => handled ?? [])),
    blocked: new Set(rows.flatMap(({ blocked }) => blocked ?? [])),
  };
}

/** Another delivery of the same event was committed first: this one must leave no trace. */
export class AlreadyHandledError extends Error {
  override name = 'AlreadyHandledError';
}

/** @throws AlreadyHandledError where one of the events is in the inbox, so that the transaction rolls back. */
export async function recordHandled(tx: Transaction, eventIds: readonly EventId[]): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'consumer/record-handled',
    text: 'insert into inbox (event_id) select unnest($1::uuid[]) on conflict do nothing',
    values: [eventIds],
  });
  if (rowCount !== eventIds.length)
    throw new AlreadyHandledError(`of events ${eventIds.join(', ')} one was handled already`);
}

/** The same as part of an append: nothing is appended where the event is in the inbox. */
export const recordingHandled = (eventId: EventId): NonNullable<AppendOptions['when']> => ({
  name: 'recording handled',
  text: 'insert into inbox (event_id) values ($1) on conflict do nothing returning 1',
  values: [eventId],
});
