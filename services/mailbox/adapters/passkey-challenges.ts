// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** What a passkey is to sign. */
export interface PasskeyChallenge {
  challenge: string;
  tenantId: TenantId;
  /** Who is to answer it; null: any reader of the organisation. */
  person: Buffer | null;
  /** Of the link that it was asked for by. */
  messageId: string | null;
  isForAdding: boolean;
  expiresAt: Date;
}

export async function addChallenge(pool: Pool, browser: Buffer, challenge: PasskeyChallenge): Promise<void> {
  await pool.query({
    name: 'mailbox/add-challenge',
    text: `insert into passkey_challenges (browser, challenge, tenant_id, person, message_id, is_for_adding, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      browser,
      challenge.challenge,
      challenge.tenantId,
      challenge.person,
      challenge.messageId,
      challenge.isForAdding,
      challenge.expiresAt,
    ],
  });
}

/** Takes it away: it is answered once. @returns null where this browser has none that still counts. */
export async function takeChallenge(
  pool: Pool,
  browser: Buffer,
  isForAdding: boolean,
  now: Date,
): Promise<PasskeyChallenge | null> {
  const { rows } = await pool.query<PasskeyChallenge>({
    name: 'mailbox/take-challenge',
    text: `delete from passkey_challenges where browser = $1 and is_for_adding = $2
      returning challenge, tenant_id as "tenantId", person, message_id as "messageId",
        is_for_adding as "isForAdding", expires_at as "expiresAt"`,
    values: [browser, isForAdding],
  });
  const [taken] = rows;
  return taken !== undefined && now < taken.expiresAt ? taken : null;
}

export async function forgetChallenges(pool: Pool, now: Date): Promise<void> {
  await pool.query('delete from passkey_challenges where expires_at < $1', [now]);
}
