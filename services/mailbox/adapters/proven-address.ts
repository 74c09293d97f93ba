// SPDX-License-Identifier: Apache-2.0
import type { Address, DomainEvent } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { StoredSession } from './sessions.ts';

type Kept = Pick<Platform, 'pool' | 'store'>;

/**
 * The address that who is signed in has proven, as he wrote it: to this sign-in, or when what he signed in by was added.
 * Null where it was erased, as sign-ins are after a day.
 */
export async function provenAddress(
  { signInId }: Pick<StoredSession, 'signInId'>,
  kept: Kept,
): Promise<Address | null> {
  const begun = await beginningOf(signInId, kept);
  if (begun?.name === 'MailboxCredentialAdded' || begun?.name === 'MailboxAddressProven')
    return begun.personal?.address ?? null;
  return codeSentTo(begun);
}

/** The same, where it was proven by a code. */
export const addressOfCode = async (
  { signInId }: Pick<StoredSession, 'signInId'>,
  kept: Kept,
): Promise<Address | null> => codeSentTo(await beginningOf(signInId, kept));

async function beginningOf(
  signInId: StoredSession['signInId'],
  { pool, store }: Kept,
): Promise<DomainEvent | undefined> {
  const [begun] = signInId === null ? [] : await store.readStream(pool, signInId);
  return begun;
}

const codeSentTo = (begun: DomainEvent | undefined): Address | null =>
  begun?.name === 'MailboxCodeIssued' ? (begun.personal?.recipients[0]?.address ?? null) : null;
