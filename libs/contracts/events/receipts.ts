// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef } from '../content-ref.ts';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { RecipientId } from '../ids.ts';

/** Version 1 knew one receipt for each email. */
const asOneOfOne: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), decisions: 0, reminder: 0 },
  personal,
});

export const ReceiptIssued = defineEvent({
  name: 'ReceiptIssued',
  service: 'receipts',
  meaning: 'The mail that tells the sender how it went, for each recipient, lies ready for delivery.',
  version: 2,
  upcasters: [asOneOfOne],
  current: {
    data: z.object({
      content: ContentRef,
      outcome: z.enum(['sent', 'partly-sent', 'not-sent']),
      issuedAt: z.iso.datetime(),
      /** How many decisions about held recipients it tells of: each is followed by a receipt. */
      decisions: z.int().nonnegative(),
      /** The how-manieth reminder of what is held since then; 0: it is none. */
      reminder: z.int().nonnegative(),
    }),
    personal: z.object({ recipient: Address }),
  },
});

export const DeadlineMissed = defineEvent({
  name: 'DeadlineMissed',
  service: 'receipts',
  meaning:
    'At the deadline (ten minutes after acceptance, if not set otherwise) these recipients were not settled.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ deadlineAt: z.iso.datetime(), recipientIds: z.array(RecipientId).min(1) }),
    personal: z.null(),
  },
});
