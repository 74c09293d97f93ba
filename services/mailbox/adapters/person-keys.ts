// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from 'node:crypto';
import type { Address, TenantId } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import { asOnePerson } from '../domain/address.ts';

/** Names a person of whom only the address is known, so that nobody reads the address from it without the key. */
export interface Persons {
  of(tenantId: TenantId, address: Address): Promise<Buffer>;
  /** Anything else of which nobody is to be told from a copy, by the same key. @param what of a form that no address has. */
  digestOf(tenantId: TenantId, what: `number ${string}`): Promise<Buffer>;
}

/** With a key for each organisation, made when it is first needed, wrapped, and kept with us. */
export function openPersons({ pool, kek }: Pick<Platform, 'pool' | 'kek'>): Persons {
  const keys = new Map<TenantId, Buffer>();
  const keyOf = async (tenantId: TenantId): Promise<Buffer> => {
    const known = keys.get(tenantId);
    if (known !== undefined) return known;
    const context = `person key of ${tenantId}`;
    await pool.query('insert into person_keys (tenant_id, wrapped) values ($1, $2) on conflict do nothing', [
      tenantId,
      await kek.wrap(randomBytes(32), context),
    ]);
    const { rows } = await pool.query<{ wrapped: Buffer }>(
      'select wrapped from person_keys where tenant_id = $1',
      [tenantId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the person key that was made is not there');
    const key = await kek.unwrap(row.wrapped, context);
    keys.set(tenantId, key);
    return key;
  };
  return {
    of: async (tenantId, address) =>
      createHmac('sha256', await keyOf(tenantId))
        .update(asOnePerson(address))
        .digest(),
    digestOf: async (tenantId, what) =>
      createHmac('sha256', await keyOf(tenantId))
        .update(what)
        .digest(),
  };
}
