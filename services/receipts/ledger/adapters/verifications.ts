// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { LedgerFault } from './verify-ledger.ts';

/** How it went when a ledger was gone through from its beginning to its end. */
export interface Verification {
  beganAt: Date;
  endedAt: Date;
  /** That were looked at. */
  leaves: number;
  faultCount: number;
  /** The first hundred. */
  faults: LedgerFault[];
}

export async function keepVerification(
  pool: Pool,
  tenantId: TenantId,
  { beganAt, endedAt, leaves, faultCount, faults }: Verification,
): Promise<void> {
  await pool.query({
    name: 'ledger/keep-verification',
    text: `insert into ledger_verifications (tenant_id, began_at, ended_at, leaves, fault_count, faults)
      values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id) do update set began_at = excluded.began_at,
        ended_at = excluded.ended_at, leaves = excluded.leaves, fault_count = excluded.fault_count, faults = excluded.faults`,
    values: [tenantId, beganAt, endedAt, leaves, faultCount, JSON.stringify(faults)],
  });
}

/** Null where it was not gone through yet. */
export async function lastVerification(pool: Pool, tenantId: TenantId): Promise<Verification | null> {
  const { rows } = await pool.query<
    Omit<Verification, 'leaves' | 'faultCount'> & { leaves: string; faultCount: string }
  >({
    name: 'ledger/last-verification',
    text: `select began_at as "beganAt", ended_at as "endedAt", leaves, fault_count as "faultCount", faults
      from ledger_verifications where tenant_id = $1`,
    values: [tenantId],
  });
  const [last] = rows;
  return last === undefined
    ? null
    : { ...last, leaves: Number(last.leaves), faultCount: Number(last.faultCount) };
}

/** How many faults of each kind were found in each ledger when it was gone through last, of those that were kept. */
export async function faultsFound(
  pool: Pool,
  tenantIds: readonly TenantId[],
): Promise<readonly { tenantId: TenantId; kind: LedgerFault['kind']; faults: number }[]> {
  const { rows } = await pool.query<{ tenantId: TenantId; kind: LedgerFault['kind']; faults: number }>({
    name: 'ledger/faults-found',
    text: `select tenant_id as "tenantId", fault ->> 'kind' as kind, count(*)::int as faults
      from ledger_verifications cross join jsonb_array_elements(faults) fault
      where tenant_id = any($1::text[]) group by 1, 2`,
    values: [tenantIds],
  });
  return rows;
}
