// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { AttemptId, ProtectedMessageId, RecipientId } from '../ids.ts';

/** How far the SMTP dialogue had come (RFC 5321 §3). From `final-dot` on, the other side may have the mail. */
export const SmtpPhase = z.enum([
  'routing',
  'connect',
  'greeting',
  'tls',
  'mail-from',
  'rcpt-to',
  'data',
  'content',
  'final-dot',
]);
export type SmtpPhase = z.infer<typeof SmtpPhase>;

/** A reply as RFC 5321 §4.2 and RFC 3463 give it; its text may name people and stands in the personal part. */
export const SmtpReply = z.object({ code: z.int(), enhancedCode: z.string().nullable() });
export type SmtpReply = z.infer<typeof SmtpReply>;

export const TlsFacts = z.object({
  protocol: z.string(),
  cipher: z.string(),
  /** It was checked whose server it is, and good; false where TLS was opportunistic. */
  verified: z.boolean(),
  /** By what was known how it has to prove that; null for own mail servers, and where nothing was verified. */
  policy: z.enum(['pinned', 'dane', 'mta-sts']).nullable(),
});
export type TlsFacts = z.infer<typeof TlsFacts>;

const attempt = {
  attemptId: AttemptId,
  protectedMessageId: ProtectedMessageId,
  recipientIds: z.array(RecipientId).min(1),
};
const otherSide = z.object({ nextHop: z.string().nullable(), replyText: z.string().nullable() });

/** Version 1 knew no policies: own mail servers were verified, and nobody else. */
const withoutTlsPolicy: Upcaster = ({ data, personal }) => {
  const { tls, ...others } = data as { tls: object | null };
  return { data: { ...others, tls: tls === null ? null : { ...tls, policy: null } }, personal };
};

/** Version 1 did not tell who was waited for before. */
const withoutPlace: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), placeSince: null },
  personal,
});

export const DeliveryAttemptStarted = defineEvent({
  name: 'DeliveryAttemptStarted',
  service: 'delivery',
  meaning: 'A hand-over is about to be tried; recorded first, so that a crash is never a silent duplicate.',
  version: 2,
  upcasters: [withoutPlace],
  current: {
    data: z.object({
      ...attempt,
      ordinal: z.int().positive(),
      /**
       * Since when it only waited for a place among the mails that one domain outside is brought at a time, which is up to
       * its servers; null where it did not, and for own mail servers.
       */
      placeSince: z.iso.datetime().nullable(),
    }),
    personal: z.object({ nextHop: z.string().nullable() }),
  },
});

export const Delivered = defineEvent({
  name: 'Delivered',
  service: 'delivery',
  meaning: 'The next hop said 250 after the final dot for these recipients.',
  version: 2,
  upcasters: [withoutTlsPolicy],
  current: {
    data: z.object({ ...attempt, reply: SmtpReply, tls: TlsFacts.nullable() }),
    personal: otherSide,
  },
});

export const Deferred = defineEvent({
  name: 'Deferred',
  service: 'delivery',
  meaning: 'Not taken this time, and certainly not taken: it is tried again at the named time.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...attempt,
      phase: SmtpPhase,
      reply: SmtpReply.nullable(),
      /** A word for the failure where no reply came: `connection-refused`, `timeout`, `tls-not-verified`, … */
      failure: z.string().nullable(),
      nextAttemptAt: z.iso.datetime(),
    }),
    personal: otherSide,
  },
});

export const Bounced = defineEvent({
  name: 'Bounced',
  service: 'delivery',
  meaning: 'Refused for good for these recipients: by a 5xx, or because their domain takes no mail.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...attempt,
      phase: SmtpPhase,
      reply: SmtpReply.nullable(),
      failure: z.string().nullable(),
    }),
    personal: otherSide,
  },
});

export const OutcomeUnknown = defineEvent({
  name: 'OutcomeUnknown',
  service: 'delivery',
  meaning:
    'The final dot may have been sent and no answer came: the other side may or may not have the mail.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      ...attempt,
      /** As the tenant chose: the same message again, with the same Message-ID, or a person decides. */
      next: z.enum(['send-again', 'hold']),
      nextAttemptAt: z.iso.datetime().nullable(),
    }),
    personal: z.object({ nextHop: z.string().nullable() }),
  },
});

export const DeliveryExpired = defineEvent({
  name: 'DeliveryExpired',
  service: 'delivery',
  meaning: 'Retried until the set end and given up.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      protectedMessageId: ProtectedMessageId,
      recipientIds: z.array(RecipientId).min(1),
      attempts: z.int().nonnegative(),
    }),
    personal: z.null(),
  },
});
