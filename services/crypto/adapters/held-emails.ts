// SPDX-License-Identifier: Apache-2.0
import type { EmailId, HoldReason, RecipientId, SealedEvent, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';

/** An email of which somebody is held. */
export interface HeldEmail {
  emailId: EmailId;
  tenantId: TenantId;
  /** The event EmailAccepted; null where nobody is held but of unknown outcome. */
  acceptance: SealedEvent | null;
  /** The events OutcomeUnknown of who is held for that. */
  unknownOutcomes: readonly SealedEvent[];
  heldSince: Date;
  endsAt: Date;
  deadlineAt: Date;
  /** Why each is held; empty while a release is being worked on. */
  recipients: ReadonlyMap<RecipientId, HoldReason>;
}

type Row = Omit<HeldEmail, 'recipients'> & { recipients: Record<RecipientId, HoldReason> };

const COLUMNS = `email_id as "emailId", tenant_id as "tenantId", acceptance, held_since as "heldSince",
  ends_at as "endsAt", deadline_at as "deadlineAt", recipients, unknown_outcomes as "unknownOutcomes"`;

const heldEmail = ({ recipients, ...row }: Row): HeldEmail => ({
  ...row,
  recipients: new Map(Object.entries(recipients) as [RecipientId, HoldReason][]),
});

const asObject = (recipients: ReadonlyMap<RecipientId, HoldReason>) =>
  JSON.stringify(Object.fromEntries(recipients));

/** Notes who is held; nobody, where another release is still to be worked on. */
export async function noteHeld(
  tx: Pool | Transaction,
  { emailId, tenantId, acceptance, heldSince, endsAt, deadlineAt, recipients, unknownOutcomes }: HeldEmail,
): Promise<void> {
  await tx.query(
    `insert into held (email_id, tenant_id, acceptance, held_since, ends_at, deadline_at, recipients, unknown_outcomes)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (email_id) do update set held_since = $4, ends_at = $5, recipients = $7, unknown_outcomes = $8`,
    [
      emailId,
      tenantId,
      acceptance === null ? null : JSON.stringify(acceptance),
      heldSince,
      endsAt,
      deadlineAt,
      asObject(recipients),
      JSON.stringify(unknownOutcomes),
    ],
  );
}

/** Nobody of it is held any more, and nothing is left to be done. */
export async function forgetHeld(tx: Pool | Transaction, emailId: EmailId): Promise<void> {
  await tx.query('delete from held where email_id = $1', [emailId]);
}

/** Notes who is left of those held; the email itself stays known, for what is still to be done. */
export async function noteLeft(
  tx: Transaction,
  emailId: EmailId,
  recipients: ReadonlyMap<RecipientId, HoldReason>,
): Promise<void> {
  await tx.query('update held set recipients = $2 where email_id = $1', [emailId, asObject(recipients)]);
}

/** Null where this tenant has no such email, or nobody of it is held. */
export async function findHeld(pool: Pool, emailId: EmailId, tenantId: TenantId): Promise<HeldEmail | null> {
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from held where email_id = $1 and tenant_id = $2`,
    [emailId, tenantId],
  );
  return rows[0] === undefined ? null : heldEmail(rows[0]);
}

export interface HeldFilter {
  tenantId: TenantId;
  because: HoldReason | null;
  /** Held at this time or later. */
  since: Date | null;
  /** Only what comes after this one. */
  after: { heldSince: Date; emailId: EmailId } | null;
  limit: number;
}

/** Newest first. */
export async function listHeld(pool: Pool, filter: HeldFilter): Promise<HeldEmail[]> {
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from held
     where tenant_id = $1 and recipients <> '{}'
       and ($2::text is null or jsonb_path_exists(recipients, '$.* ? (@ == $because)', jsonb_build_object('because', $2::text)))
       and ($3::timestamptz is null or held_since >= $3)
       and ($4::timestamptz is null or (held_since, email_id) < ($4, $5::uuid))
     order by held_since desc, email_id desc limit $6`,
    [
      filter.tenantId,
      filter.because,
      filter.since,
      filter.after?.heldSince ?? null,
      filter.after?.emailId ?? null,
      filter.limit,
    ],
  );
  return rows.map(heldEmail);
}

/** Those whose time to decide is over, oldest first. */
export async function endedHolds(pool: Pool, now: Date, limit: number): Promise<HeldEmail[]> {
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from held where recipients <> '{}' and ends_at <= $1 order by ends_at limit $2`,
    [now, limit],
  );
  return rows.map(heldEmail);
}
