// SPDX-License-Identifier: Apache-2.0
import { readEvent, type EmailId, type SealedEvent, type TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import { emailOf, settledAt, stateOf, type EmailState } from '../domain/email.ts';

/**
 * Adds an event to its email's history and brings the email's row up to date. Events of one email arrive from several
 * services at once, so the email is locked first: each fold sees all that came before.
 */
export async function project(tx: Transaction, event: SealedEvent): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [event.emailId]);
  await tx.query(
    `insert into history (event_id, email_id, tenant_id, source, sequence, name, event)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      event.id,
      event.emailId,
      event.tenantId,
      event.source,
      event.sequence,
      event.name,
      JSON.stringify(event),
    ],
  );
  const sealed = await historyOf(tx, event.emailId, event.tenantId);
  // What a state is made of stands in the open part of each event.
  const email = emailOf(sealed.map((each) => readEvent(each, undefined)));
  if (email === null) return;
  await tx.query(
    `insert into emails (email_id, tenant_id, state, accepted_at, deadline_at, settled_at, receipt_issued, deadline_missed)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (email_id) do update set state = $3, settled_at = $6, receipt_issued = $7, deadline_missed = $8`,
    [
      event.emailId,
      event.tenantId,
      stateOf(email),
      email.acceptedAt,
      email.deadlineAt,
      settledAt(email),
      sealed.some(({ name }) => name === 'ReceiptIssued'),
      email.deadlineMissed,
    ],
  );
}

/** Everything that happened to an email, as stored; empty where this tenant has no such email. */
export async function historyOf(
  executor: Pool | Transaction,
  emailId: EmailId,
  tenantId: TenantId,
): Promise<SealedEvent[]> {
  const { rows } = await executor.query<{ event: SealedEvent }>(
    'select event from history where email_id = $1 and tenant_id = $2',
    [emailId, tenantId],
  );
  return rows.map(({ event }) => event);
}

export interface EmailRow {
  emailId: EmailId;
  tenantId: TenantId;
  state: EmailState;
  acceptedAt: Date;
}

export interface EmailFilter {
  tenantId: TenantId;
  state: EmailState | null;
  since: Date | null;
  until: Date | null;
  /** Only what comes after this one, newest first. */
  after: { acceptedAt: Date; emailId: EmailId } | null;
  limit: number;
}

/** Newest first. */
export async function listEmails(pool: Pool, filter: EmailFilter): Promise<EmailRow[]> {
  const { rows } = await pool.query<EmailRow>(
    `select email_id as "emailId", tenant_id as "tenantId", state, accepted_at as "acceptedAt" from emails
     where tenant_id = $1 and ($2::text is null or state = $2)
       and ($3::timestamptz is null or accepted_at >= $3) and ($4::timestamptz is null or accepted_at < $4)
       and ($5::timestamptz is null or (accepted_at, email_id) < ($5, $6::uuid))
     order by accepted_at desc, email_id desc limit $7`,
    [
      filter.tenantId,
      filter.state,
      filter.since,
      filter.until,
      filter.after?.acceptedAt ?? null,
      filter.after?.emailId ?? null,
      filter.limit,
    ],
  );
  return rows;
}

/** Emails whose every recipient is settled and whose sender has not been told, oldest first. */
export const emailsOwedAReceipt = (pool: Pool, limit: number): Promise<Owed[]> =>
  owed(pool, 'settled_at is not null and not receipt_issued order by settled_at', [limit]);

/** Emails past their deadline with somebody not settled. */
export const emailsPastDeadline = (pool: Pool, now: Date, limit: number): Promise<Owed[]> =>
  owed(pool, 'settled_at is null and not deadline_missed and deadline_at < $2 order by deadline_at', [
    limit,
    now,
  ]);

export type Owed = Pick<EmailRow, 'emailId' | 'tenantId'>;

async function owed(pool: Pool, where: string, values: unknown[]): Promise<Owed[]> {
  const { rows } = await pool.query<Owed>(
    `select email_id as "emailId", tenant_id as "tenantId" from emails where ${where} limit $1`,
    values,
  );
  return rows;
}
