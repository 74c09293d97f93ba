// SPDX-License-Identifier: Apache-2.0
import {
  readEvent,
  type DomainEvent,
  type EmailId,
  type SealedEvent,
  type TenantId,
} from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { traceparentOf } from './acceptance-trace.ts';
import { isAwaited } from './awaited.ts';
import type { Listening } from './webhooks/store.ts';
import { remindAt } from '../domain/due.ts';
import type { Email, EmailState } from '../domain/email.ts';
import { projectedFrom, type ProjectedEmail } from '../domain/projected.ts';
import { emailOf } from '../domain/fold.ts';
import { promiseOf, settledFirstAt, type PromiseState } from '../domain/promise.ts';
import { isHeld, isQuiet } from '../domain/standing.ts';
import type { Stage } from '../domain/stages.ts';
import { graceBefore } from '../domain/known-until.ts';

/**
 * Adds events to their emails' histories and brings the emails' rows up to date. Events of one email arrive from several
 * services at once, so the emails are locked first, in one order everywhere: each fold sees all that came before.
 */
export async function project(
  tx: Transaction,
  events: readonly SealedEvent[],
  remindAfterHours: RemindAfterHours,
): Promise<Projected> {
  const emailIds = [...new Set(events.map(({ emailId }) => emailId))].toSorted();
  const tenantIds = [...new Set(events.map(({ tenantId }) => tenantId))];
  const { rows: locked } = await tx.query<{ listening: Listening[] | null }>({
    name: 'receipts/lock',
    text: `select
        (select count(pg_advisory_xact_lock(hashtextextended(email_id, 0))) from unnest($1::text[]) as email_id),
        (select json_agg(json_build_object('webhookId', webhook_id, 'tenantId', tenant_id, 'types', types))
          from webhooks where enabled and tenant_id = any($2::text[])) as listening`,
    values: [emailIds, tenantIds],
  });
  await keep(tx, events);
  const histories = await heardOf(tx, emailIds);
  const whole = [...histories.values()];
  const projected = await Promise.all(whole.map((history) => rowOf(history, remindAfterHours)));
  const known = projected.filter((row) => row !== null);
  const unsettled = await save(tx, known);
  await findAnew(tx, events, histories);
  return {
    histories: whole,
    arrived: known.filter(({ email, emailId }) => isQuiet(email) && unsettled.has(emailId)),
    listening: locked[0]?.listening ?? [],
  };
}

/** Adds to the histories what is not in them yet. */
export async function keep(tx: Transaction, events: readonly SealedEvent[]): Promise<void> {
  await tx.query({
    name: 'receipts/keep',
    text: `insert into history (event_id, email_id, tenant_id, source, sequence, name, event, about)
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::jsonb[], $8::uuid[])
      on conflict do nothing`,
    values: [
      events.map(({ id }) => id),
      events.map(({ emailId }) => emailId),
      events.map(({ tenantId }) => tenantId),
      events.map(({ source }) => source),
      events.map(({ sequence }) => sequence),
      events.map(({ name }) => name),
      events.map((event) => JSON.stringify(event)),
      events.map(aboutOf),
    ],
  });
}

/** Everything that was heard of these, each by its organisation: another one may have said something of the same. */
export async function heardOf(
  tx: Transaction,
  emailIds: readonly EmailId[],
): Promise<ReadonlyMap<string, readonly SealedEvent[]>> {
  const { rows } = await tx.query<{ event: SealedEvent }>({
    name: 'receipts/histories',
    text: 'select event from history where email_id = any($1::uuid[])',
    values: [emailIds],
  });
  return Map.groupBy(
    rows.map(({ event }) => event),
    ({ emailId, tenantId }) => `${tenantId} ${emailId}`,
  );
}

const ACTS_APART: ReadonlySet<string> = new Set([
  'DeadLetterReplayed',
  'ErasureRequested',
  'LegalHoldPlaced',
]);

/** The email that a person did something about, where what he did is a stream of its own; else null. */
export function aboutOf(sealed: SealedEvent): EmailId | null {
  if (!ACTS_APART.has(sealed.name)) return null;
  const event = readEvent(sealed, undefined);
  if (event.name === 'DeadLetterReplayed') return event.data.replayed.emailId;
  if (event.name === 'ErasureRequested') return event.data.requested.emailId;
  return event.name === 'LegalHoldPlaced' ? event.data.heldEmailId : null;
}

/** Who is given another address is to be found by that one, too, and by each trace in which something happened to it. */
async function findAnew(
  tx: Transaction,
  events: readonly SealedEvent[],
  histories: ReadonlyMap<string, readonly SealedEvent[]>,
): Promise<void> {
  const arrived = new Set(events.map(({ id }) => id));
  const hasMore = (history: readonly SealedEvent[]): boolean => {
    const traces = (of: readonly SealedEvent[]) =>
      new Set(of.flatMap(({ traceparent }) => traceparent?.slice(3, 35) ?? []));
    const [now = [], before = []] = [true, false].map((isNew) =>
      history.filter(({ id }) => arrived.has(id) === isNew),
    );
    const known = traces(before);
    // What was heard of just now is not to be found yet anyway.
    return before.length > 0 && [...traces(now)].some((trace) => !known.has(trace));
  };
  const traced = [...histories.values()].flatMap((history) =>
    hasMore(history) ? history.slice(0, 1).map(({ emailId }) => emailId) : [],
  );
  const released = events.filter(({ name }) => name === 'EmailReleased').map(({ emailId }) => emailId);
  const emailIds = [...new Set([...traced, ...released])];
  if (emailIds.length > 0)
    await tx.query(
      `update emails set findable = false, unfindable_since = coalesce(unfindable_since, now())
        where email_id = any($1::uuid[])`,
      [emailIds],
    );
}

export interface Projected {
  /** Of each of these emails, whole. */
  histories: readonly (readonly SealedEvent[])[];
  /** Emails that came from outside and arrived now: nobody is told of them, so nothing else says it once. */
  arrived: readonly { email: Email; events: readonly DomainEvent[] }[];
  /** The webhooks of their organisations: found by the way, as what most have none of is to cost no query of its own. */
  listening: readonly Listening[];
}

/** After how many hours the sender of an accepted email is reminded; only asked for emails of which somebody is held. */
export type RemindAfterHours = (acceptance: SealedEvent) => Promise<readonly number[]>;

interface ProjectedRow extends EmailRow, ProjectedEmail {
  /** What it is a row of. */
  email: Email;
  events: readonly DomainEvent[];
  remindAt: Date | null;
  promise: PromiseState;
  /** When everybody had been settled for the first time. */
  settledFirstAt: string | null;
}

/** What is kept of an email, made of its whole history; null as long as its acceptance is not in it. */
export async function rowOf(
  history: readonly SealedEvent[],
  remindAfterHours: RemindAfterHours,
): Promise<ProjectedRow | null> {
  // What a state is made of stands in the open part of each event.
  const events = history.map((each) => readEvent(each, undefined));
  const email = emailOf(events);
  const [first] = history;
  if (email === null || first === undefined) return null;
  const acceptance = history.find(({ name }) => name === 'EmailAccepted');
  const hours = isHeld(email) && acceptance !== undefined ? await remindAfterHours(acceptance) : [];
  return {
    ...projectedFrom(email),
    email,
    events,
    emailId: first.emailId,
    tenantId: first.tenantId,
    acceptedAt: new Date(email.acceptedAt),
    remindAt: remindAt(email, hours),
    promise: promiseOf(email),
    settledFirstAt: settledFirstAt(email.recipients),
  };
}

/** Until the transaction ends nothing else is projected of these. Sorted, so that no two wait for each other. */
export async function lockEmails(tx: Transaction, emailIds: readonly EmailId[]): Promise<void> {
  await tx.query(
    'select count(pg_advisory_xact_lock(hashtextextended(email_id, 0))) from unnest($1::text[]) as email_id',
    [emailIds.toSorted()],
  );
}

/**
 * @param table where to; another one than the live one while that is made anew.
 * @returns those of them that were not settled before.
 */
export async function save(
  tx: Transaction,
  rows: readonly ProjectedRow[],
  table: 'emails' | 'emails_next' = 'emails',
): Promise<ReadonlySet<EmailId>> {
  const { rows: before } = await tx.query<{ emailId: EmailId }>({
    name: `receipts/save ${table}`,
    text: `with settled as (
        select email_id from ${table} where email_id = any($1::uuid[]) and settled_at is not null
      ), saved as (insert into ${table}
        (email_id, tenant_id, state, accepted_at, deadline_at, settled_at, receipt_issued, deadline_missed,
        news_since, under_way_since, remind_at, promised, stage, stage_since, promise, settled_first_at, erased_at)
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
        $7::boolean[], $8::boolean[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::boolean[],
        $13::text[], $14::timestamptz[], $15::text[], $16::timestamptz[], $17::timestamptz[])
      on conflict (email_id) do update set state = excluded.state, settled_at = excluded.settled_at,
        receipt_issued = excluded.receipt_issued, deadline_missed = excluded.deadline_missed,
        news_since = excluded.news_since, under_way_since = excluded.under_way_since,
        remind_at = excluded.remind_at, promised = excluded.promised,
        stage = excluded.stage, stage_since = excluded.stage_since, promise = excluded.promise,
        settled_first_at = excluded.settled_first_at, erased_at = excluded.erased_at)
      select email_id as "emailId" from settled`,
    values: [
      rows.map(({ emailId }) => emailId),
      rows.map(({ tenantId }) => tenantId),
      rows.map(({ state }) => state),
      rows.map(({ acceptedAt }) => acceptedAt),
      rows.map(({ deadlineAt }) => deadlineAt),
      rows.map((row) => row.settledAt),
      rows.map(({ receiptIssued }) => receiptIssued),
      rows.map(({ deadlineMissed }) => deadlineMissed),
      rows.map((row) => row.newsSince),
      rows.map((row) => row.underWaySince),
      rows.map((row) => row.remindAt),
      rows.map(({ promised }) => promised),
      rows.map(({ stage }) => stage?.stage ?? null),
      rows.map(({ stage }) => stage?.since ?? null),
      rows.map(({ promise }) => promise),
      rows.map((row) => row.settledFirstAt),
      rows.map(({ erasedAt }) => erasedAt),
    ],
  });
  const settled = new Set(before.map(({ emailId }) => emailId));
  return new Set(rows.map(({ emailId }) => emailId).filter((emailId) => !settled.has(emailId)));
}

/** Everything that happened to an email, as stored; empty where this tenant has no such email. */
export async function historyOf(
  executor: Pool | Transaction,
  emailId: EmailId,
  tenantId: TenantId,
): Promise<readonly SealedEvent[]> {
  return (await historiesOf(executor, [emailId], tenantId)).get(emailId) ?? [];
}

/** The same for several, in one round trip. */
export async function historiesOf(
  executor: Pool | Transaction,
  emailIds: readonly EmailId[],
  tenantId: TenantId,
): Promise<ReadonlyMap<EmailId, readonly SealedEvent[]>> {
  const { rows } = await executor.query<{ event: SealedEvent }>({
    name: 'receipts/histories-of',
    text: 'select event from history where email_id = any($1::uuid[]) and tenant_id = $2',
    values: [emailIds, tenantId],
  });
  return Map.groupBy(
    rows.map(({ event }) => event),
    ({ emailId }) => emailId,
  );
}

/** What people did about an email that is no part of its own stream, as stored. */
export async function actsAbout(
  pool: Pool,
  emailId: EmailId,
  tenantId: TenantId,
): Promise<readonly SealedEvent[]> {
  const { rows } = await pool.query<{ event: SealedEvent }>({
    name: 'receipts/acts-about',
    text: 'select event from history where about = $1 and tenant_id = $2',
    values: [emailId, tenantId],
  });
  return rows.map(({ event }) => event);
}

/** How many events there are of an email, and about it; none where this tenant has no such email. */
export async function countEvents(pool: Pool, emailId: EmailId, tenantId: TenantId): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'receipts/count-events',
    text: 'select count(*)::int as count from history where (email_id = $1 or about = $1) and tenant_id = $2',
    values: [emailId, tenantId],
  });
  return rows[0]?.count ?? 0;
}

export interface EmailRow {
  emailId: EmailId;
  tenantId: TenantId;
  state: EmailState;
  acceptedAt: Date;
}

export interface Look {
  limit: number;
  /** Only of these: what is left of an organisation that is not configured any more has nobody who could be told. */
  tenants: readonly TenantId[];
  /** Not these: else the oldest, where they can't be told now, would stand before all others. */
  except: readonly EmailId[];
}

/** Emails whose every recipient is settled and whose sender has not been told, oldest first. */
export const emailsOwedAReceipt = (pool: Pool, look: Look): Promise<FoundOwed[]> =>
  owed(pool, look, 'settled_at is not null and not receipt_issued and not nobody_to_tell', 'settled_at');

/** Whether a time is before `$4`; where an event of the email could not be handled yet, which may say what is missed, before `$5`. */
const judged = (time: string): string =>
  `${time} < case when exists (select from dead_letters d where d.email_id = emails.email_id) then $5::timestamptz else $4::timestamptz end`;

/** Emails past their deadline with somebody not settled about whom no person had to decide. */
export const emailsPastDeadline = (pool: Pool, now: Date, look: Look): Promise<FoundOwed[]> =>
  owed(pool, look, `promised and ${judged('deadline_at')}`, 'deadline_at', now, graceBefore(now));

/** Emails with somebody under way since before `since`, whose sender was not told so yet. */
export const emailsTakingLong = (pool: Pool, since: Date, look: Look): Promise<FoundOwed[]> =>
  owed(
    pool,
    look,
    `${judged('under_way_since')} and not nobody_to_tell`,
    'under_way_since',
    since,
    graceBefore(since),
  );

/** Emails with a hold, a decision or a setback before `since` that their senders were not told of, and somebody under way. */
export const emailsWithNews = (pool: Pool, since: Date, look: Look): Promise<FoundOwed[]> =>
  owed(pool, look, 'news_since < $4 and settled_at is null and not nobody_to_tell', 'news_since', since);

/** Emails whose sender is to be reminded that somebody is still held. */
export const emailsToRemindOf = (pool: Pool, now: Date, look: Look): Promise<FoundOwed[]> =>
  owed(pool, look, 'remind_at < $4 and not nobody_to_tell', 'remind_at', now);

/** Its sender can never be told: it is not asked for any more. */
export async function nobodyToTell(pool: Pool, emailId: EmailId): Promise<void> {
  await pool.query('update emails set nobody_to_tell = true where email_id = $1', [emailId]);
}

/**
 * How many wait for what, and since when the first of them does; only what somebody waits for is there. A receipt that
 * nobody can be told by, or of an organisation that is not configured any more, is waited for by nobody.
 */
export async function whatIsWaitedFor(
  pool: Pool,
  tenants: readonly TenantId[],
): Promise<ReadonlyMap<Stage, { emails: number; since: Date }>> {
  const { rows } = await pool.query<{ stage: Stage; emails: number; since: Date }>(
    `select stage, count(*)::int as emails, min(stage_since) as since from emails
     where ${isAwaited('emails')} and (stage <> 'receipt' or tenant_id = any($1::text[])) group by stage`,
    [tenants],
  );
  return new Map(rows.map(({ stage, emails, since }) => [stage, { emails, since }]));
}

export type Owed = Pick<EmailRow, 'emailId' | 'tenantId'>;

/** One that was looked for, and the trace that what the log says of it belongs to. */
export interface FoundOwed extends Owed {
  traceparent: string | null;
}

async function owed(
  pool: Pool,
  { limit, tenants, except }: Look,
  where: string,
  order: string,
  ...values: unknown[]
): Promise<FoundOwed[]> {
  const { rows } = await pool.query<FoundOwed>(
    `select email_id as "emailId", tenant_id as "tenantId", ${traceparentOf('emails')} as traceparent from emails
     where ${where} and tenant_id = any($2::text[]) and email_id <> all($3::uuid[])
     order by ${order} limit $1`,
    [limit, tenants, except, ...values],
  );
  return rows;
}
