// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Proof } from '@securemail/service';
import type { SessionTimes } from '@securemail/sign-in';
import type { Reader } from './messages.ts';

export interface StoredSession extends Reader, SessionTimes {
  sessionId: string;
  /** By which it began; null for one from before that was kept. */
  signInId: EmailId | null;
  beganAt: Date;
  /** What was proven in it beside the address. */
  proofs: readonly Proof[];
}

export async function beginSession(tx: Transaction, session: StoredSession, browser: Buffer): Promise<void> {
  await tx.query({
    name: 'mailbox/begin-session',
    text: `insert into sessions (session_id, browser, tenant_id, person, began_at, used_at, ends_at, sign_in_id, proofs)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      session.sessionId,
      browser,
      session.tenantId,
      session.person,
      session.beganAt,
      session.usedAt,
      session.endsAt,
      session.signInId,
      session.proofs,
    ],
  });
}

const COLUMNS = `session_id as "sessionId", tenant_id as "tenantId", person, began_at as "beganAt",
  used_at as "usedAt", ends_at as "endsAt", sign_in_id as "signInId", proofs`;

export async function sessionOf(pool: Pool, browser: Buffer): Promise<StoredSession | null> {
  const { rows } = await pool.query<StoredSession>({
    name: 'mailbox/session-of',
    text: `select ${COLUMNS} from sessions where browser = $1`,
    values: [browser],
  });
  return rows[0] ?? null;
}

export async function sessionsOf(pool: Pool, { tenantId, person }: Reader): Promise<StoredSession[]> {
  const { rows } = await pool.query<StoredSession>({
    name: 'mailbox/sessions-of',
    text: `select ${COLUMNS} from sessions where tenant_id = $1 and person = $2 order by began_at desc limit 100`,
    values: [tenantId, person],
  });
  return rows;
}

export async function noteUse(pool: Pool, sessionId: string, at: Date): Promise<void> {
  await pool.query({
    name: 'mailbox/note-use',
    text: 'update sessions set used_at = $2 where session_id = $1 and used_at < $2',
    values: [sessionId, at],
  });
}

/** It goes on under another name and secret, and with what was proven meanwhile. @returns whether it was still there. */
export async function renewSession(
  tx: Transaction,
  before: string,
  { sessionId, browser, proofs }: { sessionId: string; browser: Buffer; proofs: readonly Proof[] },
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'mailbox/renew-session',
    text: 'update sessions set session_id = $2, browser = $3, proofs = $4 where session_id = $1',
    values: [before, sessionId, browser, proofs],
  });
  return rowCount === 1;
}

export async function sessionNamed(
  pool: Pool,
  { tenantId, person }: Reader,
  sessionId: string,
): Promise<StoredSession | null> {
  const { rows } = await pool.query<StoredSession>({
    name: 'mailbox/session-named',
    text: `select ${COLUMNS} from sessions where session_id = $1 and tenant_id = $2 and person = $3`,
    values: [sessionId, tenantId, person],
  });
  return rows[0] ?? null;
}

/** @returns whether the person had it. */
export async function endSession(
  pool: Pick<Pool, 'query'> | Pick<Transaction, 'query'>,
  { tenantId, person }: Reader,
  sessionId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'delete from sessions where session_id = $1 and tenant_id = $2 and person = $3',
    [sessionId, tenantId, person],
  );
  return rowCount === 1;
}

/** All of a person's but this one. */
export async function endOtherSessions(
  tx: Transaction,
  { tenantId, person, sessionId }: Pick<StoredSession, 'tenantId' | 'person' | 'sessionId'>,
): Promise<void> {
  await tx.query('delete from sessions where tenant_id = $1 and person = $2 and session_id <> $3', [
    tenantId,
    person,
    sessionId,
  ]);
}

export async function forgetSessions(pool: Pool, now: Date, idleSince: Date): Promise<void> {
  await pool.query('delete from sessions where ends_at < $1 or used_at < $2', [now, idleSince]);
}
