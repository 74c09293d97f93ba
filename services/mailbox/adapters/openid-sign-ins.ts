// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** A sign-in that is under way at an OpenID Connect provider. */
export interface OpenIdSignIn {
  signInId: EmailId;
  tenantId: TenantId;
  /** Who is to come back; null: anybody. */
  person: Buffer | null;
  /** Of the link that it was begun by. */
  messageId: string | null;
  /** Of who is signed in, and proves more; null: nobody is. */
  sessionId: string | null;
  /** Where he proves it for what he wrote himself. */
  conversationId: string | null;
  /** Or for the letter that he has under way. */
  toWrite: boolean;
  begunAt: Date;
}

export async function addOpenIdSignIn(pool: Pool, browser: Buffer, signIn: OpenIdSignIn): Promise<void> {
  await pool.query({
    name: 'mailbox/add-openid-sign-in',
    text: `insert into openid_sign_ins (sign_in_id, browser, tenant_id, person, message_id, begun_at, session_id,
        conversation_id, to_write)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      signIn.signInId,
      browser,
      signIn.tenantId,
      signIn.person,
      signIn.messageId,
      signIn.begunAt,
      signIn.sessionId,
      signIn.conversationId,
      signIn.toWrite,
    ],
  });
}

/** It is answered once. @returns null where this browser has none that was begun since then. */
export async function answerOpenIdSignIn(
  pool: Pool,
  browser: Buffer,
  { at, since }: { at: Date; since: Date },
): Promise<OpenIdSignIn | null> {
  const { rows } = await pool.query<OpenIdSignIn>({
    name: 'mailbox/answer-openid-sign-in',
    text: `update openid_sign_ins set answered_at = $2
      where browser = $1 and answered_at is null and begun_at > $3
      returning sign_in_id as "signInId", tenant_id as "tenantId", person, message_id as "messageId",
        begun_at as "begunAt", session_id as "sessionId", conversation_id as "conversationId",
        to_write as "toWrite"`,
    values: [browser, at, since],
  });
  return rows[0] ?? null;
}

export async function oldOpenIdSignIns(
  pool: Pool,
  before: Date,
): Promise<{ signInId: EmailId; isAnswered: boolean }[]> {
  const { rows } = await pool.query<{ signInId: EmailId; isAnswered: boolean }>({
    name: 'mailbox/old-openid-sign-ins',
    text: `select sign_in_id as "signInId", answered_at is not null as "isAnswered" from openid_sign_ins
      where begun_at < $1 limit 10000`,
    values: [before],
  });
  return rows;
}

export async function forgetOpenIdSignIn(pool: Pool, signInId: EmailId): Promise<void> {
  await pool.query('delete from openid_sign_ins where sign_in_id = $1', [signInId]);
}
