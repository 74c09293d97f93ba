// SPDX-License-Identifier: Apache-2.0
import type { AppendOptions, Pool } from '@securemail/event-store';
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

/** Another request with the same key was first: this one's email is not ours. */
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

/** Remembers the answer as part of the append of what it answers; nothing is appended where the key is taken. */
export const remembering = (
  { principal, key }: IdempotentRequest,
  { fingerprint, answer }: Remembered,
  at: Date,
): NonNullable<AppendOptions['when']> => ({
  name: 'remembering the answer',
  text: `insert into idempotency_keys (tenant_id, api_key_id, idempotency_key, fingerprint, answer, created_at)
    values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`,
  values: [principal.tenantId, principal.keyId, key, fingerprint, JSON.stringify(answer), at],
});

export async function forgetOld(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from idempotency_keys where created_at < $1', [
    new Date(now.getTime() - REMEMBERED_MS),
  ]);
}
