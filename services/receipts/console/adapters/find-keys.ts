// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { Sought } from '../domain/sought.ts';

/** What stands in the index in place of what is looked for. */
export type DigestOf = (tenantId: TenantId, sought: Sought) => Promise<Buffer>;

/** Octets: so few collide by chance never, and the index is half as large. */
const LENGTH = 16;

/** With a key for each organisation, made when it is first needed, wrapped, and kept with us. */
export function openFindKeys({ pool, kek }: Pick<Platform, 'pool' | 'kek'>): DigestOf {
  const keys = new Map<TenantId, Buffer>();
  const keyOf = async (tenantId: TenantId): Promise<Buffer> => {
    const known = keys.get(tenantId);
    if (known !== undefined) return known;
    const context = `find key of ${tenantId}`;
    await pool.query('insert into find_keys (tenant_id, wrapped) values ($1, $2) on conflict do nothing', [
      tenantId,
      await kek.wrap(randomBytes(32), context),
    ]);
    const { rows } = await pool.query<{ wrapped: Buffer }>(
      'select wrapped from find_keys where tenant_id = $1',
      [tenantId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the find key that was made is not there');
    const key = await kek.unwrap(row.wrapped, context);
    keys.set(tenantId, key);
    return key;
  };
  return async (tenantId, { by, text }) =>
    createHmac('sha256', await keyOf(tenantId))
      .update(`${by} ${text}`)
      .digest()
      .subarray(0, LENGTH);
}
