// SPDX-License-Identifier: Apache-2.0
import type { ConsoleRole, EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';

/** Who is signed in to the console, in one browser. */
export interface ConsoleSession {
  /** The stream of what is done in it. */
  sessionId: EmailId;
  tenantId: TenantId;
  name: string;
  role: ConsoleRole;
  /** By which of our own accounts; null: by the provider of the organisation. */
  account: string | null;
  beganAt: Date;
  usedAt: Date;
  endsAt: Date;
}

/** A statement that goes with the event that tells of it. */
export const beginning = (session: ConsoleSession, browser: Buffer) => ({
  name: 'receipts/begin-console-session',
  text: `insert into console_sessions
    (session_id, browser, tenant_id, name, role, began_at, used_at, ends_at, account)
    values ($1::uuid, $2::bytea, $3, $4, $5, $6::timestamptz, $7::timestamptz, $8::timestamptz, $9) returning session_id`,
  values: [
    session.sessionId,
    browser,
    session.tenantId,
    session.name,
    session.role,
    session.beganAt,
    session.usedAt,
    session.endsAt,
    session.account,
  ],
});

export const ending = (sessionId: EmailId) => ({
  name: 'receipts/end-console-session',
  text: 'delete from console_sessions where session_id = $1::uuid returning session_id',
  values: [sessionId],
});

/** Returns nothing where the email was looked at in this session before. */
export const inspecting = (sessionId: EmailId, emailId: EmailId) => ({
  name: 'receipts/inspect-email',
  text: `insert into console_inspected (session_id, email_id)
    select session_id, $2::uuid from console_sessions where session_id = $1::uuid
    on conflict do nothing returning email_id`,
  values: [sessionId, emailId],
});

/** Returns nothing where the email was looked at by this API key before, on the same day. */
export const inspectingByKey = (tenantId: TenantId, keyId: string, emailId: EmailId, at: Date) => ({
  name: 'receipts/inspect-email-by-key',
  text: `insert into key_inspected as before (tenant_id, key_id, email_id, on_day)
    values ($1::text, $2::text, $3::uuid, $4::date) on conflict (tenant_id, key_id, email_id)
    do update set on_day = excluded.on_day where before.on_day < excluded.on_day returning email_id`,
  values: [tenantId, keyId, emailId, at.toISOString().slice(0, 10)],
});

/** Returns nothing where the session has ended. */
export const looking = (sessionId: EmailId) => ({
  name: 'receipts/look-for-emails',
  text: 'update console_sessions set used_at = used_at where session_id = $1::uuid returning session_id',
  values: [sessionId],
});

/** Whether the email was looked at in this session, which goes on. */
export async function isInspected(pool: Pool, sessionId: EmailId, emailId: EmailId): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'receipts/is-inspected',
    text: 'select from console_inspected where session_id = $1 and email_id = $2',
    values: [sessionId, emailId],
  });
  return rowCount === 1;
}

export async function sessionOf(pool: Pool, browser: Buffer): Promise<ConsoleSession | null> {
  const { rows } = await pool.query<ConsoleSession>({
    name: 'receipts/console-session-of',
    text: `select session_id as "sessionId", tenant_id as "tenantId", name, role, account, began_at as "beganAt",
      used_at as "usedAt", ends_at as "endsAt" from console_sessions where browser = $1`,
    values: [browser],
  });
  return rows[0] ?? null;
}

export async function noteUse(pool: Pool, sessionId: EmailId, at: Date): Promise<void> {
  await pool.query({
    name: 'receipts/note-console-use',
    text: 'update console_sessions set used_at = $2 where session_id = $1 and used_at < $2',
    values: [sessionId, at],
  });
}

export async function addSignIn(pool: Pool, browser: Buffer, tenantId: TenantId, at: Date): Promise<void> {
  await pool.query('insert into console_sign_ins (browser, tenant_id, begun_at) values ($1, $2, $3)', [
    browser,
    tenantId,
    at,
  ]);
}

/** Whose sign-in a browser comes back with; it counts once. */
export async function answerSignIn(pool: Pool, browser: Buffer, since: Date): Promise<TenantId | null> {
  const { rows } = await pool.query<{ tenantId: TenantId }>(
    `delete from console_sign_ins where browser = $1 and begun_at >= $2 returning tenant_id as "tenantId"`,
    [browser, since],
  );
  return rows[0]?.tenantId ?? null;
}

/** What is over is not kept. */
export async function forgetEnded(pool: Pool, now: Date, idleSince: Date, begunSince: Date): Promise<void> {
  await pool.query('delete from console_sessions where ends_at < $1 or used_at < $2', [now, idleSince]);
  await pool.query('delete from console_sign_ins where begun_at < $1', [begunSince]);
}
