// SPDX-License-Identifier: Apache-2.0
import type { Pool, Transaction } from '@securemail/event-store';
import type { Principal } from '@securemail/service';
import type { AcceptedEmail } from '../accepted-email.ts';

/** How long a key is remembered. */
export const REMEMBERED_MS = 24 * 60 * 60_000;

export interface IdempotentRequest {
  principal: Pick<Principal, 'tenantId' | 'keyId'>;
  key: string;
}

export interface Remembered {
  fingerprint: Buffer;
  answer: AcceptedEmail;
}

/** Another request with the same key was first. */
export class KeyTakenError extends Error {
  override name = 'KeyTakenError';
}

export async function recall(pool: Pool, { principal, key }: IdempotentRequest): Promise<Remembered | null> {
  const { rows } = await pool.query<Remembered>(
    'select fingerprint, answer from idempotency_keys where tenant_id = $1 and api_key_id = $2 and idempotency_key = $3',
    [principal.tenantId, principal.keyId, key],
  );
  return rows[0] ?? null;
}

/** @throws KeyTakenError, so that the transaction with the second acceptance rolls back. */
export async function remember(
  tx: Transaction,
  { principal, key }: IdempotentRequest,
  { fingerprint, answer }: Remembered,
  at: Date,
): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into idempotency_keys (tenant_id, api_key_id, idempotency_key, fingerprint, answer, created_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [principal.tenantId, principal.keyId, key, fingerprint, JSON.stringify(answer), at],
  );
  if (rowCount === 0) throw new KeyTakenError('the Idempotency-Key was taken meanwhile');
}

export async function forgetOld(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from idempotency_keys where created_at < $1', [
    new Date(now.getTime() - REMEMBERED_MS),
  ]);
}
