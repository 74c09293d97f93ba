// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';

export type Covers = 'email' | 'address' | 'domain' | 'everything';

export interface LegalHold {
  holdId: EmailId;
  covers: Covers;
  emailId: EmailId | null;
  placedAt: Date;
  /** Null: it holds. */
  liftedAt: Date | null;
}

const COLUMNS = `hold_id as "holdId", covers, email_id as "emailId", placed_at as "placedAt", lifted_at as "liftedAt"`;

/** Who erases holds it shared with others who do; who places a legal hold waits for them, and they see it then. */
const lockOf = (tenantId: TenantId) => `receipts/legal-holds ${tenantId}`;

export async function nobodyPlacesOne(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query('select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [lockOf(tenantId)]);
}

export async function nobodyErases(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockOf(tenantId)]);
}

/** The first that covers an email, which is found by these digests; null: none does. */
export async function holdOn(
  tx: Transaction,
  tenantId: TenantId,
  emailId: EmailId,
  digests: readonly Buffer[],
): Promise<LegalHold | null> {
  const { rows } = await tx.query<LegalHold>({
    name: 'receipts/legal-hold-on',
    text: `select ${COLUMNS} from legal_holds where tenant_id = $1 and lifted_at is null
      and (covers = 'everything' or email_id = $2 or digest = any($3::bytea[])) order by placed_at limit 1`,
    values: [tenantId, emailId, digests],
  });
  return rows[0] ?? null;
}

export async function keepHold(
  tx: Transaction,
  tenantId: TenantId,
  { holdId, covers, emailId, placedAt, digest }: Omit<LegalHold, 'liftedAt'> & { digest: Buffer | null },
): Promise<void> {
  await tx.query(
    `insert into legal_holds (hold_id, tenant_id, covers, email_id, digest, placed_at) values ($1, $2, $3, $4, $5, $6)`,
    [holdId, tenantId, covers, emailId, digest, placedAt],
  );
}

/** To go with the event that says so: it is appended only where the hold holds still. */
export const lifting = (tenantId: TenantId, holdId: EmailId, at: Date) => ({
  name: 'receipts/lift-legal-hold',
  text: `update legal_holds set lifted_at = $3
    where tenant_id = $1 and hold_id = $2::uuid and lifted_at is null returning hold_id`,
  values: [tenantId, holdId, at],
});

export async function findHold(pool: Pool, tenantId: TenantId, holdId: EmailId): Promise<LegalHold | null> {
  const { rows } = await pool.query<LegalHold>(
    `select ${COLUMNS} from legal_holds where tenant_id = $1 and hold_id = $2`,
    [tenantId, holdId],
  );
  return rows[0] ?? null;
}

/** Oldest first. */
export async function listHolds(
  pool: Pool,
  {
    tenantId,
    lifted,
    after,
    limit,
  }: {
    tenantId: TenantId;
    /** With those that hold no more. */
    lifted: boolean;
    after: { placedAt: string; holdId: EmailId } | null;
    limit: number;
  },
): Promise<LegalHold[]> {
  const { rows } = await pool.query<LegalHold>({
    name: 'receipts/legal-holds',
    text: `select ${COLUMNS} from legal_holds where tenant_id = $1 and ($2 or lifted_at is null)
      and ($3::timestamptz is null or (placed_at, hold_id) > ($3, $4::uuid)) order by placed_at, hold_id limit $5`,
    values: [tenantId, lifted, after?.placedAt ?? null, after?.holdId ?? null, limit],
  });
  return rows;
}
