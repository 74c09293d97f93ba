// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { inTransaction, type Pool, type Transaction } from '@securemail/event-store';
import type { SignIn } from '../domain/sign-in.ts';
import type { Reader } from './messages.ts';

export interface NewSignIn extends Reader, SignIn {
  signInId: EmailId;
  browser: Buffer;
  byLink: boolean;
  messageId: string | null;
  toWrite: boolean;
  /** Of who asks, as a digest. */
  network: Buffer;
  widerNetwork: Buffer;
  createdAt: Date;
}

/** How many may be begun for one person. */
export interface Counted {
  /** By all, */
  most: number;
  /** and by one network. */
  mostOfNetwork: number;
  /** Where `most` is used up, a wider network that has begun fewer than this goes on, */
  reserve: number;
  /** until there are so many. */
  mostAtAll: number;
  since: Date;
}

/**
 * Adds it where not too many were begun for this person since then, in the same way, and not used; of many at once each
 * counts those before.
 *
 * @returns whether it was.
 */
export async function addSignIn(
  pool: Pool,
  signIn: NewSignIn,
  { most, mostOfNetwork, reserve, mostAtAll, since }: Counted,
): Promise<boolean> {
  return await inTransaction(pool, async (tx) => {
    const { tenantId, person, byLink, network, widerNetwork } = signIn;
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `sign-ins of ${tenantId} ${person.toString('hex')}`,
    ]);
    const { rows } = await tx.query<{ count: number; ofNetwork: number; ofWider: number }>({
      name: 'mailbox/count-sign-ins',
      text: `select count(*)::int as count, count(*) filter (where network = $5)::int as "ofNetwork",
          count(*) filter (where wider_network = $6)::int as "ofWider" from sign_ins
        where tenant_id = $1 and person = $2 and by_link = $3 and created_at > $4`,
      values: [tenantId, person, byLink, since, network, widerNetwork],
    });
    const { count = 0, ofNetwork = 0, ofWider = 0 } = rows[0] ?? {};
    const isLeft = count < most || (count < mostAtAll && ofWider < reserve);
    if (!isLeft || ofNetwork >= mostOfNetwork) return false;
    await insertSignIn(tx, signIn);
    return true;
  });
}

async function insertSignIn(tx: Transaction, signIn: NewSignIn): Promise<void> {
  await tx.query({
    name: 'mailbox/add-sign-in',
    text: `insert into sign_ins (sign_in_id, browser, tenant_id, person, by_link, message_id, code, tries_left, created_at, expires_at, network, wider_network, to_write)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      signIn.signInId,
      signIn.browser,
      signIn.tenantId,
      signIn.person,
      signIn.byLink,
      signIn.messageId,
      signIn.code,
      signIn.triesLeft,
      signIn.createdAt,
      signIn.expiresAt,
      signIn.network,
      signIn.widerNetwork,
      signIn.toWrite,
    ],
  });
}

export interface StoredSignIn extends Reader, SignIn {
  signInId: EmailId;
  /** Of the link that it was begun by. */
  messageId: string | null;
}

/** What a browser has begun, as far as its own pages may be told. */
export interface BegunSignIn extends Reader, Pick<SignIn, 'triesLeft' | 'expiresAt'> {
  browser: Buffer;
  byLink: boolean;
  /** Of that link. */
  messageId: string | null;
  toWrite: boolean;
}

/** @param browsers digests of the secrets of one; each has one sign-in at most. */
export async function begunIn(pool: Pool, browsers: readonly Buffer[]): Promise<BegunSignIn[]> {
  const { rows } = await pool.query<BegunSignIn>({
    name: 'mailbox/sign-ins-of-browser',
    text: `select browser, tenant_id as "tenantId", person, by_link as "byLink", message_id as "messageId",
        to_write as "toWrite", tries_left as "triesLeft", expires_at as "expiresAt"
      from sign_ins where browser = any($1)`,
    values: [browsers],
  });
  return rows;
}

/**
 * Takes one try of the sign-in of this browser, before the code is looked at: whoever tries many codes at once has no
 * more tries than one after the other.
 *
 * @returns it as it was before the try; null where this browser has none.
 */
export async function takeTry(pool: Pool, browser: Buffer): Promise<StoredSignIn | null> {
  const { rows } = await pool.query<StoredSignIn>({
    name: 'mailbox/take-try',
    text: `with before as (select sign_in_id, tries_left from sign_ins where browser = $1 for update)
      update sign_ins set tries_left = greatest(sign_ins.tries_left - 1, 0) from before
      where sign_ins.sign_in_id = before.sign_in_id
      returning sign_ins.sign_in_id as "signInId", tenant_id as "tenantId", person,
        message_id as "messageId", code,
        before.tries_left as "triesLeft", expires_at as "expiresAt"`,
    values: [browser],
  });
  return rows[0] ?? null;
}

/** A code counts once. @returns whether it was still there. */
export async function endSignIn(tx: Transaction, signInId: EmailId): Promise<boolean> {
  const { rowCount } = await tx.query('delete from sign_ins where sign_in_id = $1', [signInId]);
  return rowCount === 1;
}

export async function forgetSignIns(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from sign_ins where created_at < $1', [before]);
}
