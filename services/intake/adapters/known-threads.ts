// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import type { AppendOptions, Pool, Transaction } from '@securemail/event-store';
import type { KnownThread } from '../domain/guards/guard.ts';
import type { ThreadKey } from '../domain/guards/thread-keys.ts';

type Statement = NonNullable<AppendOptions['when']>;

/** What one mail adds to what is known of its thread. */
export interface ThreadNote {
  tenantId: TenantId;
  /** Names the thread where it is new: a UUID. */
  newThreadId: string;
  keys: readonly ThreadKey[];
  secure: KnownThread['secure'];
  outsiders: boolean;
  at: Date;
}

/**
 * What is known of all threads that these keys name, as of one; null where none is known. Beside one that had outsiders, one
 * that had none stays internal: who gets to read of both is new in it.
 *
 * @param own the key of the mail itself where it may be a copy for others of one that passed here, as servers split
 *   mails: that the other copy was secure counts, and of whom it went to nothing follows.
 */
export async function knownThread(
  pool: Pool,
  tenantId: TenantId,
  earlier: readonly ThreadKey[],
  own: ThreadKey | null = null,
): Promise<KnownThread | null> {
  const keys = own === null ? earlier : [...earlier, own];
  if (keys.length === 0) return null;
  const { rows } = await pool.query<Record<'secure' | 'by_policy' | 'outsiders', boolean | null>>({
    name: 'intake/known-thread',
    text: `select bool_or(t.secure) as secure, bool_or(t.by_policy) as by_policy,
        coalesce(bool_and(t.outsiders) filter (where k.key <> all($3::bytea[])), true) as outsiders
      from thread_keys k join threads t using (thread_id) where k.tenant_id = $1 and k.key = any($2::bytea[])`,
    values: [tenantId, digests(keys), digests(own === null ? [] : [own])],
  });
  const [found] = rows;
  if (found === undefined || found.secure === null || found.outsiders === null) return null;
  const byPolicy = found.by_policy === true ? 'policy' : null;
  return { secure: found.secure ? 'asked' : byPolicy, outsiders: found.outsiders };
}

/** Notes the thread as part of the append of the mail, after another statement where one is given. */
export function notingThread(note: ThreadNote, after?: Statement): Statement {
  const { tenantId, newThreadId, keys, secure, outsiders, at } = note;
  const own = [tenantId, newThreadId, digests(keys), secure === 'asked', secure === 'policy', outsiders, at];
  const places = own.map((_, index) => `$${(after?.values.length ?? 0) + index + 1}`);
  const [tenant, thread, all, isSecure, byPolicy, hasOutsiders, time] = places;
  const call = `note_thread(${tenant}, ${thread}::uuid, ${all}::bytea[], ${isSecure}::boolean, ${byPolicy}::boolean, ${hasOutsiders}::boolean, ${time}::timestamptz)`;
  if (after === undefined) return { name: 'noting the thread', text: `select ${call}`, values: own };
  return {
    name: `${after.name}, and its thread`,
    text: `${after.text}, ${call}`,
    values: [...after.values, ...own],
  };
}

/** Notes it as part of a transaction of its own. @returns the thread that it is kept with. */
export async function noteThread(tx: Transaction, note: ThreadNote): Promise<string> {
  const { text, values } = notingThread(note);
  const { rows } = await tx.query<{ note_thread: string }>(text, [...values]);
  const [noted] = rows;
  if (noted === undefined) throw new Error('the thread was not noted');
  return noted.note_thread;
}

/** The ids of a mail may name its sender, and nobody needs to read them. */
export const digests = (keys: readonly ThreadKey[]): Buffer[] =>
  keys.map((key) => createHash('sha256').update(key).digest());

/** Forgets threads that nobody has written on since then. */
export async function forgetThreads(pool: Pool, before: Date): Promise<void> {
  await pool.query('delete from threads where last_at < $1', [before]);
}
