// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import type { Platform } from './platform.ts';

/**
 * A secret key of 32 octets for each organisation, made when it is first needed, wrapped, and kept with us.
 *
 * @param table has `tenant_id` and `wrapped`.
 * @param what is said of each, and bound to it.
 */
export function tenantKeys(
  { pool, kek }: Pick<Platform, 'pool' | 'kek'>,
  { table, what }: { table: 'person_keys' | 'find_keys'; what: string },
): (tenantId: TenantId) => Promise<Buffer> {
  const keys = new Map<TenantId, Buffer>();
  return async (tenantId) => {
    const known = keys.get(tenantId);
    if (known !== undefined) return known;
    const context = `${what} of ${tenantId}`;
    await pool.query(`insert into ${table} (tenant_id, wrapped) values ($1, $2) on conflict do nothing`, [
      tenantId,
      await kek.wrap(randomBytes(32), context),
    ]);
    const { rows } = await pool.query<{ wrapped: Buffer }>(
      `select wrapped from ${table} where tenant_id = $1`,
      [tenantId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`the ${what} that was made is not there`);
    const key = await kek.unwrap(row.wrapped, context);
    keys.set(tenantId, key);
    return key;
  };
}
