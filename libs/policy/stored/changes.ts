// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Change } from '../change.ts';

/** Any pool of the database will do: the schema is named. */
const COLUMNS = 'version, at, by, key_id as "keyId", reason, patches';

/**
 * Adds a change to an organisation's, unless somebody else has added one since the version before it.
 *
 * @returns false where somebody has; nothing is added then.
 */
export async function appendChange(pool: Pool, tenantId: TenantId, change: Change): Promise<boolean> {
  const { version, at, by, keyId, reason, patches } = change;
  const { rowCount } = await pool.query(
    `insert into settings.changes (tenant_id, version, at, by, key_id, reason, patches)
     select $1, $2, $3, $4, $5, $6, $7
     where $2 = 1 + (select coalesce(max(version), 0) from settings.changes where tenant_id = $1)
     on conflict do nothing`,
    [tenantId, version, at, by, keyId, reason, JSON.stringify(patches)],
  );
  return rowCount === 1;
}

/**
 * The changes behind the versions that are known, oldest first; 0 for all of them. Versions have no gaps and each was
 * added by who saw the one before, so none can appear behind one that was read.
 */
export async function changesSince(
  pool: Pool,
  known: ReadonlyMap<TenantId, number>,
): Promise<Map<TenantId, Change[]>> {
  const { rows } = await pool.query<Change & { tenantId: TenantId }>(
    `select tenant_id as "tenantId", ${COLUMNS}
     from unnest($1::text[], $2::int[]) as known(tenant, seen)
     join settings.changes on tenant_id = tenant and version > seen
     order by tenant_id, version`,
    [[...known.keys()], [...known.values()]],
  );
  const found = new Map<TenantId, Change[]>();
  for (const { tenantId, ...change } of rows) {
    const changes = found.get(tenantId) ?? [];
    changes.push(change);
    found.set(tenantId, changes);
  }
  return found;
}

export interface HistoryFilter {
  tenantId: TenantId;
  /** Only what changed for this scope. */
  scope: string | null;
  /** Only older versions. */
  before: number | null;
  limit: number;
}

/** Newest first. */
export async function historyOfChanges(
  pool: Pool,
  { tenantId, scope, before, limit }: HistoryFilter,
): Promise<Change[]> {
  const { rows } = await pool.query<Change>(
    `select ${COLUMNS} from settings.changes
     where tenant_id = $1 and ($2::text is null or patches ? $2) and ($3::int is null or version < $3)
     order by version desc limit $4`,
    [tenantId, scope, before, limit],
  );
  return rows;
}
