// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { EmailId } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import type { Reader } from './messages.ts';

export interface StoredPassword extends Reader {
  credentialId: EmailId;
  /** What is kept of it: see `hashPassword`. */
  password: string;
}

export async function addPassword(
  tx: Transaction,
  { credentialId, tenantId, person, password }: StoredPassword,
  at: Date,
): Promise<void> {
  await tx.query({
    name: 'mailbox/add-password',
    text: `insert into credentials (credential_id, tenant_id, person, kind, added_at, password)
      values ($1, $2, $3, 'password', $4, $5)`,
    values: [credentialId, tenantId, person, at, password],
  });
}

export async function passwordOf(
  executor: Pool | Transaction,
  { tenantId, person }: Reader,
): Promise<StoredPassword | null> {
  const { rows } = await executor.query<StoredPassword>({
    name: 'mailbox/password-of',
    text: `select credential_id as "credentialId", tenant_id as "tenantId", person, password from credentials
      where tenant_id = $1 and person = $2 and kind = 'password' and removed_at is null`,
    values: [tenantId, person],
  });
  return rows[0] ?? null;
}

/** @returns whether it is still there. */
export async function noteUseOfPassword(
  tx: Transaction,
  { tenantId, person, credentialId }: StoredPassword,
  tryId: string,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'mailbox/note-use-of-password',
    text: 'update credentials set used_at = $2 where credential_id = $1 and removed_at is null',
    values: [credentialId, at],
  });
  await tx.query('delete from password_tries where try_id = $1 and tenant_id = $2 and person = $3', [
    tryId,
    tenantId,
    person,
  ]);
  return rowCount === 1;
}

/**
 * Takes a try before the password is looked at: whoever tries many at once has no more than one after the other.
 *
 * @returns its id, by which it is given back where it was right; null where too many were wrong since.
 */
export async function takePasswordTry(
  pool: Pool,
  { tenantId, person }: Reader,
  { network, at, since }: { network: Buffer; at: Date; since: Date },
  { most, mostOfNetwork }: { most: number; mostOfNetwork: number },
): Promise<string | null> {
  return await inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `password tries of ${tenantId} ${person.toString('hex')}`,
    ]);
    const { rows } = await tx.query<{ count: number; ofNetwork: number }>({
      name: 'mailbox/count-password-tries',
      text: `select count(*)::int as count, count(*) filter (where network = $4)::int as "ofNetwork"
        from password_tries where tenant_id = $1 and person = $2 and tried_at > $3`,
      values: [tenantId, person, since, network],
    });
    const { count = 0, ofNetwork = 0 } = rows[0] ?? {};
    if (count >= most || ofNetwork >= mostOfNetwork) return null;
    const tryId = randomUUID();
    await tx.query({
      name: 'mailbox/add-password-try',
      text: 'insert into password_tries (try_id, tenant_id, person, network, tried_at) values ($1, $2, $3, $4, $5)',
      values: [tryId, tenantId, person, network, at],
    });
    return tryId;
  });
}

export async function forgetPasswordTries(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from password_tries where tried_at < $1', [before]);
}
