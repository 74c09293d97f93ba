// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import { tenantKeys, type Platform } from '@securemail/service';
import type { Sought } from '../domain/sought.ts';

/** What stands in the index in place of what is looked for. */
export type DigestOf = (tenantId: TenantId, sought: Sought) => Promise<Buffer>;

/** Octets: so few collide by chance never, and the index is half as large. */
const LENGTH = 16;

/** With a key for each organisation. */
export function openFindKeys(platform: Pick<Platform, 'pool' | 'kek'>): DigestOf {
  const keyOf = tenantKeys(platform, { table: 'find_keys', what: 'find key' });
  return async (tenantId, { by, text }) =>
    createHmac('sha256', await keyOf(tenantId))
      .update(`${by} ${text}`)
      .digest()
      .subarray(0, LENGTH);
}
