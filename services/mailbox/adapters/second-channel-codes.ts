// SPDX-License-Identifier: Apache-2.0
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import type { SignIn } from '../domain/sign-in.ts';
import type { Reader } from './messages.ts';

export interface NewProofCode extends Reader, SignIn {
  codeId: string;
  browser: Buffer;
  sessionId: string;
  number: Buffer;
  network: Buffer;
  /** The message or conversation that it was asked for by. */
  wantedFor: string;
  createdAt: Date;
}

/**
 * Adds it where not too many were sent to this person and to this number since then, and not used; of many at once each
 * counts those before.
 *
 * @returns whether it was.
 */
export async function addProofCode(
  pool: Pool,
  code: NewProofCode,
  { most, mostOfNetwork, since }: { most: number; mostOfNetwork: number; since: Date },
): Promise<boolean> {
  return await inTransaction(pool, async (tx) => {
    const { tenantId, person, number, network } = code;
    // One after the other for the whole organisation: two people may have one number.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `second channel of ${tenantId}`,
    ]);
    const { rows } = await tx.query<{ count: number; ofNetwork: number; ofNumber: number }>({
      name: 'mailbox/count-proof-codes',
      text: `select count(*) filter (where person = $2)::int as count,
          count(*) filter (where person = $2 and network = $4)::int as "ofNetwork",
          count(*) filter (where number = $3)::int as "ofNumber"
        from second_channel_codes
        where tenant_id = $1 and (person = $2 or number = $3) and created_at > $5`,
      values: [tenantId, person, number, network, since],
    });
    const { count = 0, ofNetwork = 0, ofNumber = 0 } = rows[0] ?? {};
    if (count >= most || ofNumber >= most || ofNetwork >= mostOfNetwork) return false;
    await tx.query({
      name: 'mailbox/add-proof-code',
      text: `insert into second_channel_codes (code_id, browser, session_id, tenant_id, person, number, network,
          wanted_for, code, tries_left, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      values: [
        code.codeId,
        code.browser,
        code.sessionId,
        tenantId,
        person,
        number,
        network,
        code.wantedFor,
        code.code,
        code.triesLeft,
        code.createdAt,
        code.expiresAt,
      ],
    });
    return true;
  });
}

type OfBrowser = Pick<NewProofCode, 'browser' | 'sessionId' | 'wantedFor'>;

/** The one that this browser and session were sent for that, whether or not it still counts. */
export async function begunProof(
  pool: Pool,
  { browser, sessionId, wantedFor }: OfBrowser,
): Promise<Pick<SignIn, 'triesLeft' | 'expiresAt'> | null> {
  const { rows } = await pool.query<Pick<SignIn, 'triesLeft' | 'expiresAt'>>({
    name: 'mailbox/begun-proof',
    text: `select tries_left as "triesLeft", expires_at as "expiresAt" from second_channel_codes
      where browser = $1 and session_id = $2 and wanted_for = $3`,
    values: [browser, sessionId, wantedFor],
  });
  return rows[0] ?? null;
}

/**
 * Takes one try of the code of this browser and session, before it is looked at, as those by mail.
 *
 * @returns it as it was before the try; null where they have none for that.
 */
export async function takeProofTry(
  pool: Pool,
  { browser, sessionId, wantedFor }: OfBrowser,
): Promise<(SignIn & { codeId: string }) | null> {
  const { rows } = await pool.query<SignIn & { codeId: string }>({
    name: 'mailbox/take-proof-try',
    text: `with before as (
        select code_id, tries_left from second_channel_codes
        where browser = $1 and session_id = $2 and wanted_for = $3 for update)
      update second_channel_codes set tries_left = greatest(second_channel_codes.tries_left - 1, 0) from before
      where second_channel_codes.code_id = before.code_id
      returning before.code_id as "codeId", code, before.tries_left as "triesLeft", expires_at as "expiresAt"`,
    values: [browser, sessionId, wantedFor],
  });
  return rows[0] ?? null;
}

/** A code counts once. @returns whether it was still there. */
export async function endProofCode(tx: Transaction, codeId: string): Promise<boolean> {
  const { rowCount } = await tx.query('delete from second_channel_codes where code_id = $1', [codeId]);
  return rowCount === 1;
}

export async function forgetProofCodes(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from second_channel_codes where created_at < $1', [before]);
}
