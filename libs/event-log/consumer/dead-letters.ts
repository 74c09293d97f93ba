// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId, ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Arrival } from '../event-log.ts';

/** `retrying` by itself; `parked` until a person replays it. */
export const DEAD_LETTER_STATUSES = ['retrying', 'parked'] as const;

export interface DeadLetter {
  /** Its place in the order of arrival; names it on the command line. */
  arrived: number;
  eventId: EventId | null;
  emailId: EmailId | null;
  eventName: string | null;
  source: ServiceName;
  arrival: Arrival;
  status: (typeof DEAD_LETTER_STATUSES)[number];
  /** The error's name and what is safe to say of it. */
  reason: string;
  attempts: number;
  firstFailedAt: Date;
  lastFailedAt: Date;
  nextAttemptAt: Date;
}

const COLUMNS = `arrived::int, event_id as "eventId", email_id as "emailId", event_name as "eventName", source, arrival,
  status, reason, attempts, first_failed_at as "firstFailedAt", last_failed_at as "lastFailedAt",
  next_attempt_at as "nextAttemptAt"`;

export interface NewDeadLetter {
  arrival: Arrival;
  status: DeadLetter['status'];
  reason: string;
  attempts: number;
  /** Until it is due, milliseconds. */
  waitMs: number;
}

/**
 * Keeps an arrival for later. When it is due says the clock of the database, here and below: those of processes differ.
 *
 * @returns its place; null where it is there already, and stays as it is.
 */
export async function keep(pool: Pool, letter: NewDeadLetter): Promise<number | null> {
  const event = letter.arrival.kind === 'event' ? letter.arrival.event : null;
  const source = letter.arrival.kind === 'event' ? letter.arrival.event.source : letter.arrival.source;
  const { rows } = await pool.query<{ arrived: number }>(
    `insert into dead_letters
       (event_id, email_id, event_name, source, arrival, status, reason, attempts, first_failed_at, last_failed_at, next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now(), now(), now() + $9 * interval '1 millisecond') on conflict do nothing
     returning arrived::int`,
    [
      event?.id ?? null,
      event?.emailId ?? null,
      event?.name ?? null,
      source,
      JSON.stringify(letter.arrival),
      letter.status,
      letter.reason,
      letter.attempts,
      letter.waitMs,
    ],
  );
  return rows[0]?.arrived ?? null;
}

/**
 * Takes what is due, leases it for so many milliseconds, and counts that as a try: a process that dies of a letter
 * tells nobody. An event whose email has an earlier dead letter is not due:
 * order within an email is never broken.
 */
export async function takeDue(pool: Pool, leaseMs: number, limit: number): Promise<DeadLetter[]> {
  const { rows } = await pool.query<DeadLetter>(
    `update dead_letters set next_attempt_at = now() + $1 * interval '1 millisecond', attempts = attempts + 1
     where arrived in (
       select d.arrived from dead_letters d
       where d.status = 'retrying' and d.next_attempt_at <= now()
         and not exists (select from dead_letters e where e.email_id = d.email_id and e.arrived < d.arrived)
       order by d.arrived limit $2 for update skip locked)
     returning ${COLUMNS}`,
    [leaseMs, limit],
  );
  return rows.toSorted((a, b) => a.arrived - b.arrived);
}

/** Holds a leased letter for so many milliseconds from now. */
export async function renew(pool: Pool, arrived: number, leaseMs: number): Promise<void> {
  await pool.query(
    `update dead_letters set next_attempt_at = now() + $2 * interval '1 millisecond'
     where arrived = $1 and status = 'retrying'`,
    [arrived, leaseMs],
  );
}

export async function recordFailure(
  pool: Pool,
  arrived: number,
  failure: Pick<NewDeadLetter, 'status' | 'reason' | 'attempts' | 'waitMs'>,
): Promise<void> {
  await pool.query(
    `update dead_letters set status = $2, reason = $3, attempts = $4, last_failed_at = now(),
       next_attempt_at = now() + $5 * interval '1 millisecond'
     where arrived = $1`,
    [arrived, failure.status, failure.reason, failure.attempts, failure.waitMs],
  );
}

export async function remove(pool: Pool, arrived: number): Promise<void> {
  await pool.query('delete from dead_letters where arrived = $1', [arrived]);
}

/** Oldest first, after the one named by `after`. */
export async function listDeadLetters(
  pool: Pool,
  { after = 0, limit = 100, status }: { after?: number; limit?: number; status?: DeadLetter['status'] } = {},
): Promise<DeadLetter[]> {
  const { rows } = await pool.query<DeadLetter>(
    `select ${COLUMNS} from dead_letters where arrived > $1 and ($3::text is null or status = $3) order by arrived limit $2`,
    [after, limit, status ?? null],
  );
  return rows;
}

export async function countDeadLetters(pool: Pool): Promise<ReadonlyMap<DeadLetter['status'], number>> {
  const { rows } = await pool.query<{ status: DeadLetter['status']; count: number }>(
    'select status, count(*)::int as count from dead_letters group by status',
  );
  return new Map(rows.map(({ status, count }) => [status, count]));
}

export async function findDeadLetter(pool: Pool, arrived: number): Promise<DeadLetter | null> {
  const { rows } = await pool.query<DeadLetter>(`select ${COLUMNS} from dead_letters where arrived = $1`, [
    arrived,
  ]);
  return rows[0] ?? null;
}

/**
 * Makes parked letters due again, with a fresh count of tries; the running consumer takes them up.
 * An unreadable arrival is not replayed: it would not read better.
 *
 * @returns how many.
 */
export async function replayDeadLetters(
  pool: Pool,
  which: { arrived: number } | { all: true } | { reasonPrefix: string },
): Promise<number> {
  const { rowCount } = await pool.query(
    `update dead_letters set status = 'retrying', attempts = 0, next_attempt_at = now()
     where status = 'parked' and event_id is not null
       and ($1::bigint is null or arrived = $1) and ($2::text is null or starts_with(reason, $2))`,
    ['arrived' in which ? which.arrived : null, 'reasonPrefix' in which ? which.reasonPrefix : null],
  );
  return rowCount ?? 0;
}
