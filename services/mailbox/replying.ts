// SPDX-License-Identifier: Apache-2.0
import { recipientId, type Address, type NewEvent, type SealedEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import { composeMessage, headerAlone, type Header } from '@securemail/mime';
import { newMessageIdIn, Problem, type Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { noteConversation } from './adapters/conversations.ts';
import { endDraft, filesOf, type Draft } from './adapters/drafts.ts';
import { contentBehindHead, readHead, saidAsContent } from './adapters/kept-parts.ts';
import type { StoredMessage } from './adapters/messages.ts';
import { addReply, type StoredReply } from './adapters/replies.ts';
import { answeredPerson, replyMail } from './domain/reply.ts';

/**
 * Makes a mail of an answer, and an email of that: once, however often it is asked for.
 *
 * @returns null where it was sent, or thrown away, meanwhile.
 * @throws Problem `mailbox-message-ended` where what it answers was erased.
 */
export async function reply(
  { draftId, tenantId, person }: Draft,
  message: StoredMessage,
  text: string,
  {
    pool,
    store,
    vault,
    tenants,
    policies,
  }: Pick<Platform, 'pool' | 'store' | 'vault' | 'tenants' | 'policies'>,
  at: Date,
): Promise<StoredReply | null> {
  const tenant = tenants.get(tenantId);
  const answered = await answeredMessage(message.protected, { store, vault });
  if (tenant?.mailbox === undefined || answered === null)
    throw new Problem('mailbox-message-ended', 'What you answer was erased.');
  const { original, mailFrom, addressOf } = answered;
  const author = addressOf(message.recipientId);
  if (author === null) throw new Problem('mailbox-message-ended', 'What you answer was erased.');
  const to = answeredPerson(original, { ownDomains: tenant.domains, mailFrom });
  const stream = { emailId: draftId, tenantId };
  const files = await filesOf(pool, draftId);
  const heads = await Promise.all(files.map(({ content }) => readHead(vault, stream, content)));
  const messageId = newMessageIdIn(tenant);
  const mail = replyMail({
    original,
    author,
    to,
    language: policies.of(tenant, to).language,
    text,
    files: files.flatMap(({ content }, index) => {
      const head = heads[index];
      return head === undefined
        ? []
        : [
            {
              filename: head.name,
              contentType: head.contentType,
              content: contentBehindHead(vault, stream, content),
            },
          ];
    }),
    at,
    messageId,
  });
  const content = await vault.put(stream, composeMessage(mail));
  const said = await vault.put(
    stream,
    saidAsContent({
      text,
      files: files.map(({ size }, index) => ({ name: heads[index]?.name ?? '', size })),
    }),
  );
  const submitted: NewEvent<'MailboxReplySubmitted'> = {
    name: 'MailboxReplySubmitted',
    data: {
      messageId: message.messageId,
      content,
      recipientIds: [recipientId(1)],
      submittedAt: at.toISOString(),
    },
    personal: {
      mailFrom: author,
      recipients: [{ recipientId: recipientId(1), address: to, disclosed: true }],
    },
  };
  const { conversationId } = message;
  const endsAt = new Date(at.getTime() + tenant.mailbox.keepDays * 24 * 3_600_000);
  const stored: StoredReply = {
    replyId: draftId,
    tenantId,
    person,
    messageId: message.messageId,
    conversationId,
    said,
    submittedAt: at,
    endsAt,
  };
  const isSent = await inTransaction(pool, async (tx) => {
    if (!(await endDraft(tx, draftId))) return false;
    await store.append(tx, stream, 0, [submitted], { traceparent: currentTraceparent() });
    await addReply(tx, stored);
    await noteConversation(tx, { tenantId, person }, { messageId, conversationId, endsAt });
    return true;
  });
  if (!isSent) return null;
  signalAppended('mailbox');
  return stored;
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
