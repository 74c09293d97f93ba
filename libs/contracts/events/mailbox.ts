// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef, Sha256 } from '../content-ref.ts';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { ProtectedMessageId, RecipientId } from '../ids.ts';
import { AddressedRecipient } from './intake.ts';

const forOne = { protectedMessageId: ProtectedMessageId, recipientIds: z.array(RecipientId).length(1) };
/** A mail of SecureMailBox itself: it holds nothing of what was sent. */
const mail = { ...forOne, content: ContentRef };
const addressed = z.object({ mailFrom: Address, recipients: z.array(AddressedRecipient).length(1) });

/** It could be taken back by the API alone. */
const withoutTakeBack: Upcaster = ({ data, personal }) => ({
  data,
  personal: personal === null ? null : { ...personal, takeBack: null },
});

export const MailboxMessageDeposited = defineEvent({
  name: 'MailboxMessageDeposited',
  service: 'mailbox',
  meaning:
    'A protected message lies in SecureMailBox for this recipient, and the mail that tells of it lies ready for delivery.',
  version: 2,
  upcasters: [withoutTakeBack],
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
    personal: addressed.extend({
      /** The secret in the link by which its sender takes it back. */
      takeBack: z.string().nullable(),
    }),
  },
});

/** The Message-ID (RFC 5322 §3.6.4) of the notification of a deposit, by which a report about it is known. */
export const notificationIdOf = (
  { messageId }: Pick<z.infer<typeof MailboxMessageDeposited.current.data>, 'messageId'>,
  domain: string | undefined,
): string => `<${messageId}@${domain ?? 'localhost'}>`;

export const MailboxMessageOpened = defineEvent({
  name: 'MailboxMessageOpened',
  service: 'mailbox',
  meaning: 'Who signed in as this recipient opened the message, the first time.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ ...forOne, openedAt: z.iso.datetime() }),
    personal: z.null(),
  },
});

export const MailboxMessageDeclined = defineEvent({
  name: 'MailboxMessageDeclined',
  service: 'mailbox',
  meaning:
    'Who signed in as this recipient says that the message is not for him: nobody reads it there any more.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ ...forOne, declinedAt: z.iso.datetime() }),
    personal: z.null(),
  },
});

export const MailboxMessageWithdrawn = defineEvent({
  name: 'MailboxMessageWithdrawn',
  service: 'mailbox',
  meaning: 'Its sender took the message back from this recipient: nobody reads it there any more.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...forOne,
      withdrawnAt: z.iso.datetime(),
      /** Null: who signed in as this recipient had not opened it. */
      openedAt: z.iso.datetime().nullable(),
      /** The API key that asked for it; `link`: who had the link of the receipt. */
      withdrawnBy: z.string(),
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

/** By which somebody signs in beside a code, as he wished. */
const CredentialKind = z.enum(['passkey', 'password']);

export const MailboxCredentialAdded = defineEvent({
  name: 'MailboxCredentialAdded',
  service: 'mailbox',
  meaning:
    'Who is signed in to SecureMailBox wants to sign in by this, too. A credential has a stream of its own; nothing that proves it stands there.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ kind: CredentialKind, addedAt: z.iso.datetime() }),
    personal: z.object({
      /** That was proven when it was added. */
      address: Address,
      /** As its owner calls it; null where there is only one of its kind. */
      name: z.string().min(1).nullable(),
    }),
  },
});

export const MailboxCredentialRemoved = defineEvent({
  name: 'MailboxCredentialRemoved',
  service: 'mailbox',
  meaning: 'Nobody signs in to SecureMailBox by this credential any more.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      kind: CredentialKind,
      removedAt: z.iso.datetime(),
      /** Its owner took it away, or nothing is kept any more that he could read. */
      because: z.enum(['owner', 'nothing-kept']),
    }),
    personal: z.null(),
  },
});

export const MailboxNoticeIssued = defineEvent({
  name: 'MailboxNoticeIssued',
  service: 'mailbox',
  meaning:
    'A mail that tells somebody what was changed in how he signs in to SecureMailBox lies ready for delivery. It has a stream of its own.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...mail,
      /** Later it is told to nobody. */
      expiresAt: z.iso.datetime(),
    }),
    personal: addressed,
  },
});

export const MailboxAddressProven = defineEvent({
  name: 'MailboxAddressProven',
  service: 'mailbox',
  meaning:
    'Somebody signed in to SecureMailBox, and whom the organisation trusts said that this address is his. A sign-in has a stream of its own.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      by: z.literal('openid-connect'),
      /** Who said so, as its metadata name it. */
      issuer: z.url(),
      provenAt: z.iso.datetime(),
    }),
    personal: z.object({ address: Address }),
  },
});

export const MailboxReplySubmitted = defineEvent({
  name: 'MailboxReplySubmitted',
  service: 'mailbox',
  meaning:
    'Who signed in as a recipient answered a message: the answer is durable, and becomes an email of its own, in whose stream this stands.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      /** What was answered, as SecureMailBox names it to its reader. */
      messageId: z.uuid(),
      /** The whole mail, as intake is to take it. */
      content: ContentRef,
      recipientIds: z.array(RecipientId).length(1),
      submittedAt: z.iso.datetime(),
    }),
    /** From the address that was proven. */
    personal: addressed,
  },
});

export const MailboxLetterSubmitted = defineEvent({
  name: 'MailboxLetterSubmitted',
  service: 'mailbox',
  meaning:
    'Who had proven an address wrote to a contact of the organisation without having been written to: the letter is durable, and becomes an email of its own, in whose stream this stands.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      /** The contact that was chosen, as the settings name it. */
      contactId: z.string().min(1),
      /** The whole mail, as intake is to take it. */
      content: ContentRef,
      recipientIds: z.array(RecipientId).length(1),
      submittedAt: z.iso.datetime(),
    }),
    /** From the address that was proven. */
    personal: addressed,
  },
});
