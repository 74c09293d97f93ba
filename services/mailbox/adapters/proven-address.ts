// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { StoredSession } from './sessions.ts';

/**
 * The address that who is signed in has proven, as he wrote it: to this sign-in, or when what he signed in by was added.
 * Null where it was erased, as sign-ins are after a day.
 */
export async function provenAddress(
  { signInId }: Pick<StoredSession, 'signInId'>,
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
): Promise<Address | null> {
  const [begun] = signInId === null ? [] : await store.readStream(pool, signInId);
  if (begun?.name === 'MailboxCredentialAdded') return begun.personal?.address ?? null;
  return begun?.name === 'MailboxCodeIssued' ? (begun.personal?.recipients[0]?.address ?? null) : null;
}
