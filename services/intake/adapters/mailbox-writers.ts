// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Address, TenantId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { ThreadKey } from '../domain/guards/thread-keys.ts';
import { digests } from './known-threads.ts';

/** Notes that somebody wrote in SecureMailBox on this thread. */
export async function noteWriter(
  tx: Transaction,
  { tenantId, threadId, address }: { tenantId: TenantId; threadId: string; address: Address },
): Promise<void> {
  await tx.query('insert into mailbox_writers (thread_id, address) values ($1, $2) on conflict do nothing', [
    threadId,
    digestOf(tenantId, address),
  ]);
}

/** Those of these people who wrote in SecureMailBox on a thread that the keys name. */
export async function writersOf(
  pool: Pool,
  tenantId: TenantId,
  earlier: readonly ThreadKey[],
  people: readonly Address[],
): Promise<Address[]> {
  if (earlier.length === 0) return [];
  const byDigest = new Map(people.map((each) => [digestOf(tenantId, each).toString('hex'), each]));
  const { rows } = await pool.query<{ digest: string }>({
    name: 'intake/mailbox-writers',
    text: `select distinct encode(w.address, 'hex') as digest
      from thread_keys k join mailbox_writers w using (thread_id)
      where k.tenant_id = $1 and k.key = any($2::bytea[]) and encode(w.address, 'hex') = any($3::text[])`,
    values: [tenantId, digests(earlier), [...byDigest.keys()]],
  });
  return rows.flatMap(({ digest }) => byDigest.get(digest) ?? []);
}

/** SecureMailBox knows a person whatever the case of the address. */
const digestOf = (tenantId: TenantId, address: Address): Buffer =>
  createHash('sha256').update(`${tenantId} ${address.toLowerCase()}`).digest();
