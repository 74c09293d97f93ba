// SPDX-License-Identifier: Apache-2.0
import type { Address, SealedEvent } from '@securemail/contracts';
import { headerAlone, type Header } from '@securemail/mime';
import { Problem, type Platform } from '@securemail/service';
import type { Draft } from './adapters/drafts.ts';
import type { StoredMessage } from './adapters/messages.ts';
import type { StoredReply } from './adapters/replies.ts';
import { answeredPerson, replyMail } from './domain/reply.ts';
import { requireOrganisation } from './organisations.ts';
import { submit, type Submission } from './submitting.ts';

/**
 * Sends an answer to who wrote the message.
 *
 * @returns as {@link submit}
 * @throws Problem `mailbox-message-ended` where what it answers was erased.
 */
export async function reply(
  draft: Draft,
  message: StoredMessage,
  text: string,
  platform: Pick<Platform, 'pool' | 'store' | 'vault' | 'tenants' | 'policies'>,
  at: Date,
): Promise<StoredReply | null> {
  const tenant = requireOrganisation(draft.tenantId, platform);
  const answered = await answeredMessage(message.protected, platform);
  const author = answered?.addressOf(message.recipientId) ?? null;
  if (answered === null || author === null)
    throw new Problem('mailbox-message-ended', 'What you answer was erased.');
  const { original, mailFrom } = answered;
  const to = answeredPerson(original, { ownDomains: tenant.domains, mailFrom });
  const { language } = platform.policies.of(tenant, to);
  const submission: Submission = {
    said: { contact: null, subject: '', text },
    author,
    to,
    conversationId: message.conversationId,
    graded: message,
    mail: (about) => replyMail({ original, author, to, language, text, ...about }),
    event: ({ data, personal }) => ({
      name: 'MailboxReplySubmitted',
      data: { messageId: message.messageId, ...data },
      personal,
    }),
  };
  return await submit(draft, submission, tenant, platform, at);
}

async function answeredMessage(
  sealed: SealedEvent,
  { store, vault }: Pick<Platform, 'store' | 'vault'>,
): Promise<{
  original: Header;
  mailFrom: Address;
  addressOf: (id: StoredMessage['recipientId']) => Address | null;
} | null> {
  const event = await store.open(sealed);
  if (event.name !== 'EmailProtected' || event.personal === null) return null;
  const { mailFrom, recipients } = event.personal;
  return {
    original: await headerAlone(vault.get(event, event.data.content)),
    mailFrom,
    addressOf: (id) => recipients.find(({ recipientId: each }) => each === id)?.address ?? null,
  };
}
