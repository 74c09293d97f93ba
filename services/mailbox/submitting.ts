// SPDX-License-Identifier: Apache-2.0
import { recipientId, type Address, type ContentRef, type NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import { composeMessage, type Attachment, type Composition } from '@securemail/mime';
import { newMessageIdIn, type Platform } from '@securemail/service';
import { currentTraceparent, reached } from '@securemail/telemetry';
import { noteConversation } from './adapters/conversations.ts';
import { filesOf } from './adapters/draft-files.ts';
import { endDraft, type Draft } from './adapters/drafts.ts';
import { contentBehindHead, readHead, saidAsContent, type Said } from './adapters/kept-parts.ts';
import { addReply, type StoredReply } from './adapters/replies.ts';
import { endOf } from './domain/set-end.ts';
import type { Graded } from './domain/demands.ts';
import type { WithMailbox } from './organisations.ts';

/** What somebody wrote here, and what is made of it. */
export interface Submission {
  /** As its writer sees it; its files are those of the draft. */
  said: Omit<Said, 'files'>;
  author: Address;
  /** Of the organisation. */
  to: Address;
  /** Null: it begins a conversation, named like itself. */
  conversationId: string | null;
  /** How sensitive it is: as what it answers, or answered before that was gone. */
  graded: Graded;
  mail: (about: { files: Attachment[]; messageId: string; at: Date }) => Composition;
  /** What is said to have happened. */
  event: (written: Written) => NewEvent;
}

/** As each such event has it. */
export interface Written {
  data: { content: ContentRef; recipientIds: ReturnType<typeof recipientId>[]; submittedAt: string };
  personal: {
    mailFrom: Address;
    recipients: { recipientId: ReturnType<typeof recipientId>; address: Address; disclosed: boolean }[];
  };
}

/**
 * Makes a mail of what was written, and an email of that: once, however often it is asked for.
 *
 * @returns null where it was sent, or thrown away, meanwhile.
 */
export async function submit(
  { draftId, tenantId, person, messageId: answers }: Draft,
  { said, author, to, mail, event, graded, conversationId: goesOn }: Submission,
  tenant: WithMailbox,
  { pool, store, vault }: Pick<Platform, 'pool' | 'store' | 'vault'>,
  at: Date,
): Promise<StoredReply | null> {
  const stream = { emailId: draftId, tenantId };
  const files = await filesOf(pool, draftId);
  const attached = await Promise.all(
    files.map(async ({ parts, size }) => ({
      ...(await readHead(vault, stream, parts)),
      size,
      content: contentBehindHead(vault, stream, parts),
    })),
  );
  const messageId = newMessageIdIn(tenant);
  const composed = mail({
    files: attached.map(({ name, contentType, content }) => ({ filename: name, contentType, content })),
    messageId,
    at,
  });
  const content = await vault.put(stream, composeMessage(composed));
  const kept = { ...said, files: attached.map(({ name, size }) => ({ name, size })) };
  const conversationId = goesOn ?? draftId;
  const stored: StoredReply = {
    replyId: draftId,
    tenantId,
    person,
    messageId: answers,
    conversationId,
    said: await vault.put(stream, saidAsContent(kept)),
    submittedAt: at,
    endsAt: endOf(null, tenant.mailbox, at),
    levels: graded.levels,
    demanded: graded.demanded,
  };
  reached('mailbox:writing-stored');
  const submitted = event({
    data: { content, recipientIds: [recipientId(1)], submittedAt: at.toISOString() },
    personal: {
      mailFrom: author,
      recipients: [{ recipientId: recipientId(1), address: to, disclosed: true }],
    },
  });
  const isSent = await inTransaction(pool, async (tx) => {
    if (!(await endDraft(tx, draftId))) return false;
    await store.append(tx, stream, 0, [submitted], { traceparent: currentTraceparent() });
    await addReply(tx, stored);
    await noteConversation(tx, { tenantId, person }, { messageId, conversationId, endsAt: stored.endsAt });
    return true;
  });
  if (!isSent) return null;
  signalAppended('mailbox');
  reached('mailbox:submitted');
  return stored;
}
