// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { CredentialKind } from '../domain/credential.ts';
import type { Reader } from './messages.ts';

/** By what somebody signs in beside a code. */
export interface StoredCredential extends Reader {
  credentialId: EmailId;
  kind: CredentialKind;
  addedAt: Date;
  usedAt: Date | null;
}

const COLUMNS = `credential_id as "credentialId", tenant_id as "tenantId", person, kind,
  added_at as "addedAt", used_at as "usedAt"`;

/** All that count, the oldest first. */
export async function credentialsOf(
  executor: Pool | Transaction,
  { tenantId, person }: Reader,
): Promise<StoredCredential[]> {
  const { rows } = await executor.query<StoredCredential>({
    name: 'mailbox/credentials-of',
    text: `select ${COLUMNS} from credentials
      where tenant_id = $1 and person = $2 and removed_at is null order by added_at, credential_id`,
    values: [tenantId, person],
  });
  return rows;
}

/** Of many changes at once for one person each sees those before. */
export async function lockCredentials(tx: Transaction, { tenantId, person }: Reader): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `credentials of ${tenantId} ${person.toString('hex')}`,
  ]);
}

/** It counts no more, and ends the other sessions that began by it. @returns whether the person had it. */
export async function removeCredential(
  tx: Transaction,
  { tenantId, person }: Reader,
  credentialId: string,
  { at, exceptSession }: { at: Date; exceptSession: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'mailbox/remove-credential',
    text: `update credentials set removed_at = $4
      where credential_id = $1 and tenant_id = $2 and person = $3 and removed_at is null`,
    values: [credentialId, tenantId, person, at],
  });
  if (rowCount !== 1) return false;
  await tx.query({
    name: 'mailbox/end-sessions-of-credential',
    text: 'delete from sessions where sign_in_id = $1 and session_id is distinct from $2',
    values: [credentialId, exceptSession],
  });
  return true;
}

interface EndedCredential extends Reader {
  credentialId: EmailId;
  kind: CredentialKind;
  isRemoved: boolean;
}

/**
 * Of which nothing is to be kept: taken away, or of people who have nothing to read there any more. While a session that began
 * by one goes on, it is what says whose it is.
 */
export async function endedCredentials(pool: Pool, now: Date, addedBefore: Date): Promise<EndedCredential[]> {
  const { rows } = await pool.query<EndedCredential>({
    name: 'mailbox/ended-credentials',
    text: `select credential_id as "credentialId", tenant_id as "tenantId", person, kind, removed_at is not null as "isRemoved"
      from credentials c where not exists (select from sessions s where s.sign_in_id = c.credential_id)
      and (removed_at is not null or (added_at < $2
        and not exists (select from messages m where m.tenant_id = c.tenant_id and m.person = c.person and m.ends_at > $1)
        and not exists (select from replies r where r.tenant_id = c.tenant_id and r.person = c.person and r.ends_at > $1)))
      limit 1000`,
    values: [now, addedBefore],
  });
  return rows;
}

export async function forgetCredential(pool: Pool, credentialId: EmailId): Promise<void> {
  await pool.query('delete from credentials where credential_id = $1 and removed_at is not null', [
    credentialId,
  ]);
}
