// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import type { Platform } from '@securemail/service';
import type { StoredReply } from './replies.ts';

type Submitted = DomainEvent<'MailboxReplySubmitted'> | DomainEvent<'MailboxLetterSubmitted'>;

/** What was said when it was sent: the whole mail, and from whom; null where that was erased. */
export async function submittedOf(
  { replyId }: Pick<StoredReply, 'replyId'>,
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
): Promise<(Submitted & { personal: NonNullable<Submitted['personal']> }) | null> {
  const [event] = await store.readStream(pool, replyId);
  const isSubmitted = event?.name === 'MailboxReplySubmitted' || event?.name === 'MailboxLetterSubmitted';
  return isSubmitted && event.personal !== null ? { ...event, personal: event.personal } : null;
}
