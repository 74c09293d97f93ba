// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import type { Address, TenantId } from '@securemail/contracts';
import { tenantKeys, type Platform } from '@securemail/service';
import { asOnePerson } from '../domain/address.ts';

/** Names a person of whom only the address is known, so that nobody reads the address from it without the key. */
export interface Persons {
  of(tenantId: TenantId, address: Address): Promise<Buffer>;
  /** Anything else of which nobody is to be told from a copy, by the same key. @param what of a form that no address has. */
  digestOf(tenantId: TenantId, what: `number ${string}`): Promise<Buffer>;
}

/** With a key for each organisation. */
export function openPersons(platform: Pick<Platform, 'pool' | 'kek'>): Persons {
  const keyOf = tenantKeys(platform, { table: 'person_keys', what: 'person key' });
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
