// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef, Sha256 } from '../content-ref.ts';
import { defineEvent } from '../define-event.ts';
import { ProtectedMessageId, RecipientId } from '../ids.ts';
import { AddressedRecipient } from './intake.ts';

/** A mail of SecureMailBox itself, for one recipient: it holds nothing of what was sent. */
const mail = {
  protectedMessageId: ProtectedMessageId,
  recipientIds: z.array(RecipientId).length(1),
  content: ContentRef,
};
const addressed = z.object({ mailFrom: Address, recipients: z.array(AddressedRecipient).length(1) });

export const MailboxMessageDeposited = defineEvent({
  name: 'MailboxMessageDeposited',
  service: 'mailbox',
  meaning:
    'A protected message lies in SecureMailBox for this recipient, and the mail that tells of it lies ready for delivery.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      /** `protectedMessageId` is what was deposited, and `content` the notification. */
      ...mail,
      /** As SecureMailBox names it to its reader. */
      messageId: z.uuid(),
      /** Of the secret in the link that the notification has: what was in it can't be told from this. */
      linkSha256: Sha256,
      /** Until when it can be read. */
      endsAt: z.iso.datetime(),
    }),
    personal: addressed,
  },
});

export const MailboxMessageOpened = defineEvent({
  name: 'MailboxMessageOpened',
  service: 'mailbox',
  meaning: 'Who signed in as this recipient opened the message, the first time.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      protectedMessageId: ProtectedMessageId,
      recipientIds: z.array(RecipientId).length(1),
      openedAt: z.iso.datetime(),
    }),
    personal: z.null(),
  },
});

export const MailboxCodeIssued = defineEvent({
  name: 'MailboxCodeIssued',
  service: 'mailbox',
  meaning:
    'Somebody asked to sign in to SecureMailBox; the mail with the code lies ready for delivery. A sign-in has a stream of its own.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...mail,
      /** The code is worth nothing then, and neither is its mail. */
      expiresAt: z.iso.datetime(),
    }),
    personal: addressed,
  },
});
