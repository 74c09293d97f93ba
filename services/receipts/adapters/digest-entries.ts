// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Owed } from './projection.ts';

/** Has an email listed in its sender's next digest. */
export async function addDigestEntry(
  tx: Transaction,
  { emailId, tenantId }: Owed,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `insert into digest_entries (email_id, tenant_id, due_at) values ($1, $2, $3)
     on conflict (email_id) do update set due_at = least(digest_entries.due_at, excluded.due_at)`,
    [emailId, tenantId, dueAt],
  );
}

/** Emails whose digest is due, of one tenant, oldest first. */
export async function dueDigestEntries(
  pool: Pool,
  tenantId: TenantId,
  now: Date,
  limit: number,
): Promise<EmailId[]> {
  const { rows } = await pool.query<{ emailId: EmailId }>(
    'select email_id as "emailId" from digest_entries where tenant_id = $1 and due_at < $2 order by email_id limit $3',
    [tenantId, now, limit],
  );
  return rows.map(({ emailId }) => emailId);
}

/** @returns how many of them were still there. */
export async function removeDigestEntries(
  executor: Pool | Transaction,
  emailIds: readonly EmailId[],
): Promise<number> {
  const { rowCount } = await executor.query('delete from digest_entries where email_id = any($1::uuid[])', [
    emailIds,
  ]);
  return rowCount ?? 0;
}
