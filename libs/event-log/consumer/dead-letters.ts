// SPDX-License-Identifier: Apache-2.0
import type { EmailId, EventId, ServiceName, TenantId } from '@securemail/contracts';
import type { AppendOptions, Pool } from '@securemail/event-store';
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
  /** How often it was begun and nothing was heard of it, the try under way counted. */
  endings: number;
  firstFailedAt: Date;
  lastFailedAt: Date;
  nextAttemptAt: Date;
}

const COLUMNS = `arrived::int, event_id as "eventId", email_id as "emailId", event_name as "eventName", source, arrival,
  status, reason, attempts, endings, first_failed_at as "firstFailedAt", last_failed_at as "lastFailedAt",
  next_attempt_at as "nextAttemptAt"`;

export interface NewDeadLetter {
  arrival: Arrival;
  status: DeadLetter['status'];
  reason: string;
  attempts: number;
  /** 1: it is being handled already. */
  endings?: 0 | 1;
  /** Until it is due, milliseconds. */
  waitMs: number;
}

/** What is said of an event that is being handled, for as long as that is nothing special. */
export const IN_HAND = 'is being handled';
export const TAKES_LONG = 'takes long';
/** Nothing is wrong with it. */
export const WAITS = 'waits behind an earlier event of the same email';
/** Something is wrong with it, or with one of those that it was tried together with. */
export const BY_ITSELF = 'is handled by itself';
/** A process ended with it, or may have. */
const TRIED_ALONE = 'is tried alone';

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
       (event_id, email_id, event_name, source, arrival, status, reason, attempts, endings, first_failed_at, last_failed_at, next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $10, now(), now(), now() + $9 * interval '1 millisecond') on conflict do nothing
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
      letter.endings ?? 0,
    ],
  );
  return rows[0]?.arrived ?? null;
}

/**
 * Takes the letter of an event that the log brings again: who had it in hand has ended, or has it no more. Not one that
 * was begun so often, nor one that is in hand here or was tried again since, nor while another is tried alone, nor one behind
 * another of the same email: those wait until they are due.
 */
export async function takeOver(
  pool: Pool,
  eventId: EventId,
  { leaseMs, mostEndings, held }: { leaseMs: number; mostEndings: number; held: readonly number[] },
): Promise<Pick<DeadLetter, 'arrived' | 'attempts'> | null> {
  const { rows } = await pool.query<Pick<DeadLetter, 'arrived' | 'attempts'>>(
    `update dead_letters d set next_attempt_at = now() + $2 * interval '1 millisecond',
       attempts = attempts + 1, endings = endings + 1
     where event_id = $1 and status = 'retrying' and reason = $4 and endings between 1 and $3 - 1
       and arrived <> all($5::bigint[])
       and not exists (select from dead_letters s
         where s.reason = $6 and s.status = 'retrying' and s.next_attempt_at > now())
       and not exists (select from dead_letters e where e.email_id = d.email_id and e.arrived < d.arrived)
     returning arrived::int, attempts`,
    [eventId, leaseMs, mostEndings, IN_HAND, held, TRIED_ALONE],
  );
  return rows[0] ?? null;
}

/** Of a letter that a process ended with, or may have. */
const SUSPECT = `endings > 0`;

/**
 * Takes what is due, leases it for so many milliseconds, and counts that as a try: a process that dies of a letter
 * tells nobody. What has been due for longest comes first: many that wait for one key keep nobody else from his turn. An
 * event whose email has an earlier dead letter is not due: order within an email is never broken. What a process ended
 * with is taken one at a time, so that it shows which of them it was.
 *
 * @param held those that are in hand here, whose lease may have run out all the same.
 */
export async function takeDue(
  pool: Pool,
  leaseMs: number,
  limit: number,
  held: readonly number[] = [],
): Promise<DeadLetter[]> {
  const take = async (which: string, most: number) => {
    if (most <= 0) return [];
    const { rows } = await pool.query<DeadLetter>(
      `update dead_letters set next_attempt_at = now() + $1 * interval '1 millisecond',
         attempts = attempts + 1, endings = endings + 1, reason = case when ${SUSPECT} then $4 else reason end
       where arrived in (
         select d.arrived from dead_letters d
         where d.status = 'retrying' and d.next_attempt_at <= now() and d.arrived <> all($3::bigint[]) and ${which}
           and not exists (select from dead_letters e where e.email_id = d.email_id and e.arrived < d.arrived)
         order by d.next_attempt_at, d.arrived limit $2 for update skip locked)
       returning ${COLUMNS}`,
      [leaseMs, most, held, TRIED_ALONE],
    );
    return rows;
  };
  const others = await take(`not ${SUSPECT}`, limit);
  const suspects = await take(
    `${SUSPECT} and not exists (
      select from dead_letters s where s.endings > 1 and s.status = 'retrying' and s.next_attempt_at > now())`,
    Math.min(1, limit - others.length),
  );
  return [...others, ...suspects].toSorted((a, b) => a.arrived - b.arrived);
}

/**
 * Takes what only waits behind a letter that is in hand, up to the first with which something is, in order, and counts that as
 * begun: should they end the process together, each is tried alone. Nobody else takes them: they are behind that letter.
 */
export async function takeBehind(
  pool: Pool,
  { arrived, emailId }: { arrived: number; emailId: EmailId },
  limit: number,
): Promise<Pick<DeadLetter, 'arrived' | 'arrival'>[]> {
  const { rows } = await pool.query<Pick<DeadLetter, 'arrived' | 'arrival'>>(
    `update dead_letters set endings = 1 where arrived in (
       select d.arrived from dead_letters d
       where d.email_id = $1 and d.arrived > $2 and d.status = 'retrying' and d.attempts = 0 and d.endings = 0 and d.reason = $4
         and not exists (select from dead_letters e where e.email_id = $1 and e.arrived > $2 and e.arrived < d.arrived
           and not (e.status = 'retrying' and e.attempts = 0 and e.endings = 0 and e.reason = $4))
       order by d.arrived limit $3)
     returning arrived::int, arrival`,
    [emailId, arrived, limit, WAITS],
  );
  return rows.toSorted((a, b) => a.arrived - b.arrived);
}

/** Gives back what was not handled, and says why it is there still. */
export async function giveBack(
  pool: Pool,
  arrived: readonly number[],
  reason: typeof WAITS | typeof BY_ITSELF,
): Promise<void> {
  await pool.query('update dead_letters set endings = 0, reason = $2 where arrived = any($1::bigint[])', [
    arrived,
    reason,
  ]);
}

/** Holds a leased letter for so many milliseconds from now: its handling takes long. */
export async function renew(pool: Pool, arrived: number, leaseMs: number): Promise<void> {
  await pool.query(
    `update dead_letters set next_attempt_at = now() + $2 * interval '1 millisecond', reason = $3
     where arrived = $1 and status = 'retrying'`,
    [arrived, leaseMs, TAKES_LONG],
  );
}

export async function recordFailure(
  pool: Pool,
  arrived: number,
  failure: Pick<NewDeadLetter, 'status' | 'reason' | 'attempts' | 'waitMs'>,
): Promise<void> {
  await pool.query(
    `update dead_letters set status = $2, reason = $3, attempts = $4, endings = 0, last_failed_at = now(),
       next_attempt_at = now() + $5 * interval '1 millisecond'
     where arrived = $1`,
    [arrived, failure.status, failure.reason, failure.attempts, failure.waitMs],
  );
}

export async function remove(pool: Pool, ...arrived: readonly number[]): Promise<void> {
  await pool.query('delete from dead_letters where arrived = any($1::bigint[])', [arrived]);
}

export interface DeadLetterFilter {
  after?: number;
  limit?: number;
  status?: DeadLetter['status'];
  /** Whose events; of what can't be read nobody knows whose it is. */
  tenantId?: TenantId;
  /** Only those of this email. */
  emailId?: EmailId;
}

/** Oldest first, after the one named by `after`. */
export async function listDeadLetters(
  pool: Pool,
  { after = 0, limit = 100, status, tenantId, emailId }: DeadLetterFilter = {},
): Promise<DeadLetter[]> {
  const { rows } = await pool.query<DeadLetter>(
    `select ${COLUMNS} from dead_letters where arrived > $1 and ($3::text is null or status = $3)
       and ($4::text is null or arrival -> 'event' ->> 'tenantId' = $4) and ($5::uuid is null or email_id = $5)
       order by arrived limit $2`,
    [after, limit, status ?? null, tenantId ?? null, emailId ?? null],
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

/** The one that all later events of an email wait behind; null where none does, or the email is another organisation's. */
export async function firstDeadLetterOf(
  pool: Pool,
  emailId: EmailId,
  tenantId: TenantId,
): Promise<DeadLetter | null> {
  const { rows } = await pool.query<DeadLetter>(
    `select ${COLUMNS} from dead_letters
      where email_id = $1 and arrival -> 'event' ->> 'tenantId' = $2 order by arrived limit 1`,
    [emailId, tenantId],
  );
  return rows[0] ?? null;
}

const DUE_AGAIN = `status = 'retrying', attempts = 0, endings = 0, next_attempt_at = now()`;

/** Makes one due again that is parked, together with the event that says who had it tried. */
export const replaying = (arrived: number): NonNullable<AppendOptions['when']> => ({
  name: 'dead-letters/replay',
  text: `update dead_letters set ${DUE_AGAIN} where arrived = $1 and status = 'parked' and event_id is not null
    returning arrived`,
  values: [arrived],
});

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
    `update dead_letters set ${DUE_AGAIN}
     where status = 'parked' and event_id is not null
       and ($1::bigint is null or arrived = $1) and ($2::text is null or starts_with(reason, $2))`,
    ['arrived' in which ? which.arrived : null, 'reasonPrefix' in which ? which.reasonPrefix : null],
  );
  return rowCount ?? 0;
}
