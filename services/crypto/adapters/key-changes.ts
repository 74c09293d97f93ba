// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { inTransaction, type Pool } from '@securemail/event-store';
import type { EntryKind } from '../domain/entry.ts';
import type { Change } from './certificate-changes.ts';

/** What happened to a key, and to which. */
export interface KeyChange {
  kind: EntryKind | 'authority';
  name: string;
  /** SHA-256 of its public half, in hexadecimal. */
  keySha256: string;
  /** Of its certificate; null before there is one. */
  sha256: string | null;
  change: 'requested' | 'imported' | 'issued' | 'retired' | 'created';
}

export type KeyHistoryEntry = KeyChange & Pick<Change, 'at' | 'by' | 'reason'>;

/**
 * Does `work` and writes down what it changed, both or neither; one at a time, whoever asks. `work` is to be short: readers
 * of events wait for the oldest transaction that runs.
 */
export async function recordKeyChanges(
  pool: Pool,
  { tenantId, at, by, reason }: Change,
  changes: readonly KeyChange[],
  work: () => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('securemail crypto keys'))`);
    for (const { kind, name, keySha256, sha256, change } of changes)
      await tx.query(
        `insert into key_history (tenant_id, kind, name, key_sha256, sha256, change, at, by, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [tenantId, kind, name, keySha256, sha256, change, at, by, reason],
      );
    await work();
  });
}

/** Oldest first. */
export async function keyHistoryOf(pool: Pool, tenantId: TenantId): Promise<KeyHistoryEntry[]> {
  const { rows } = await pool.query<KeyHistoryEntry>(
    `select kind, name, key_sha256 as "keySha256", sha256, change, at, by, reason from key_history
     where tenant_id = $1 order by position`,
    [tenantId],
  );
  return rows;
}
