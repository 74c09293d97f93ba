// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { StoredSession } from './sessions.ts';

/** The address that who is signed in has proven, as he wrote it; null where it was erased, as sign-ins are after a day. */
export async function provenAddress(
  { signInId }: Pick<StoredSession, 'signInId'>,
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
): Promise<Address | null> {
  const [issued] = signInId === null ? [] : await store.readStream(pool, signInId);
  return issued?.name === 'MailboxCodeIssued' ? (issued.personal?.recipients[0]?.address ?? null) : null;
}
