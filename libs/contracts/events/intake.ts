// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef } from '../content-ref.ts';
import { defineEvent } from '../define-event.ts';
import { RecipientId } from '../ids.ts';

export const Channel = z.enum(['rest', 'submission', 'relay']);
export type Channel = z.infer<typeof Channel>;

/** Who or what made an email secure: the one who sent it, or the tenant's rule for mail that did not ask. */
export const SecureBy = z.enum(['api', 'header', 'subject-tag', 'sensitivity', 'policy']);
export type SecureBy = z.infer<typeof SecureBy>;

/** Who receives the mail; `disclosed` where the header names them to the others (To, Cc), false for a blind copy. */
export const AddressedRecipient = z.object({
  recipientId: RecipientId,
  address: Address,
  disclosed: z.boolean(),
});
export type AddressedRecipient = z.infer<typeof AddressedRecipient>;

export const EmailAccepted = defineEvent({
  name: 'EmailAccepted',
  service: 'intake',
  meaning: 'The content is durable and the email is ours: it was answered with 202 or 250.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      channel: Channel,
      /** `internal` when every recipient is in the tenant's own domains. */
      direction: z.enum(['outbound', 'internal']),
      secureBy: SecureBy,
      /** The API key or the listed mail server that handed it in. */
      submittedBy: z.string(),
      content: ContentRef,
      recipientIds: z.array(RecipientId).min(1),
      acceptedAt: z.iso.datetime(),
      deadlineAt: z.iso.datetime(),
    }),
    personal: z.object({
      mailFrom: Address,
      recipients: z.array(AddressedRecipient).min(1),
      /** Decoded; its first 1,000 characters. */
      subject: z.string(),
      /** RFC 5322 §3.6.4, with its angle brackets; empty where there is none, or one of more than 998 octets. */
      messageId: z.string(),
    }),
  },
});

export const EmailRefused = defineEvent({
  name: 'EmailRefused',
  service: 'intake',
  meaning: 'A submission by a known sender was refused by policy; nothing of its content was kept.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      channel: Channel,
      submittedBy: z.string(),
      /** The `type` of the answer, as docs/errors names it. */
      reason: z.string(),
      refusedAt: z.iso.datetime(),
    }),
    personal: z.object({ mailFrom: z.string().nullable() }),
  },
});
