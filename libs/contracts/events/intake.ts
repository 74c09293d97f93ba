// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { Arrival, ArrivalNames } from '../arrival.ts';
import { ContentRef, Sha256 } from '../content-ref.ts';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { GuardFinding } from '../guards.ts';
import { RecipientId } from '../ids.ts';
import { SmtpReply } from './delivery.ts';

/**
 * The way in; `internet`: by a mail server of others, or a filter before us, to a domain of our own; `mailbox`: written in
 * SecureMailBox by somebody outside who has proven his address.
 */
export const Channel = z.enum(['rest', 'submission', 'relay', 'internet', 'mailbox']);
export type Channel = z.infer<typeof Channel>;

/** Who or what made an email secure: the one who sent it, a guard, or the tenant's rule for mail that did not ask. */
export const SecureBy = z.enum(['api', 'header', 'subject-tag', 'sensitivity', 'guard', 'policy']);
export type SecureBy = z.infer<typeof SecureBy>;

/** Who receives the mail; `disclosed` where the header names them to the others (To, Cc), false for a blind copy. */
export const AddressedRecipient = z.object({
  recipientId: RecipientId,
  address: Address,
  disclosed: z.boolean(),
});
export type AddressedRecipient = z.infer<typeof AddressedRecipient>;

/** Version 1 knew no guards. */
const unguarded: Upcaster = ({ data, personal }) => ({ data: { ...(data as object), guards: [] }, personal });

/** Version 2 knew only mail that is sent from here. */
const sentFromHere: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), arrival: null },
  personal: personal && { ...personal, arrival: null },
});

/** Version 3 did not say who had made it, nor how it was before our fields were in it. */
const asItWasKept: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), automatic: null, handedIn: null },
  personal,
});

/** Version 4 hid a subject only where a guard told what it had found. */
const asFarAsTold: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), hideSubject: false },
  personal,
});

/** Version 5 knew nothing that is written in SecureMailBox: whoever reads that alone parks it, and takes it for no other mail. */
const writtenElsewhere: Upcaster = (payload) => payload;

/** Version 6 did not know who wrote in SecureMailBox before: to whom an answer goes is planned as for everybody. */
const asToEverybody: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), wroteInMailbox: [] },
  personal,
});

export const EmailAccepted = defineEvent({
  name: 'EmailAccepted',
  service: 'intake',
  meaning: 'The content is durable and the email is ours: it was answered with 202 or 250.',
  version: 7,
  upcasters: [unguarded, sentFromHere, asItWasKept, asFarAsTold, writtenElsewhere, asToEverybody],
  current: {
    data: z.object({
      channel: Channel,
      /** `internal` when every recipient is in the tenant's own domains; `inbound`: from outside to own mailboxes. */
      direction: z.enum(['outbound', 'internal', 'inbound']),
      /** Null where it came from outside, or was written in SecureMailBox: it is as secure as it came. */
      secureBy: SecureBy.nullable(),
      /** Null where it was sent from here. */
      arrival: Arrival.nullable(),
      /** What guards found in it, and did. */
      guards: z.array(GuardFinding),
      /**
       * Something sensitive stands in the subject of mail that somebody asked to have sent securely, of which guards say
       * nothing: it is not to stand in clear.
       */
      hideSubject: z.boolean(),
      /** The API key or the listed mail server that handed it in; `internet` where nobody did who is known. */
      submittedBy: z.string(),
      content: ContentRef,
      /**
       * What it says of itself that sent it (RFC 3834): to a list nothing is told, and where a program says so, or a rule of
       * a mailbox passed it on, only trouble.
       * Null: a person, as far as it says.
       */
      automatic: z.enum(['list', 'program']).nullable(),
      /**
       * The octets as they were handed in, before any field of ours: the message, or the JSON of the request. Null where it
       * came from outside, and in what an older version wrote.
       */
      handedIn: z.object({ size: z.int().min(0), sha256: Sha256 }).nullable(),
      recipientIds: z.array(RecipientId).min(1),
      /** Those of them who wrote in SecureMailBox on the thread of the mail: what answers them lies there. */
      wroteInMailbox: z.array(RecipientId),
      acceptedAt: z.iso.datetime(),
      deadlineAt: z.iso.datetime(),
    }),
    personal: z.object({
      /** Null: the null reverse-path of mail that nobody is to be told about (RFC 5321 §4.5.5). */
      mailFrom: Address.nullable(),
      recipients: z.array(AddressedRecipient).min(1),
      /** Decoded; its first 1,000 characters. */
      subject: z.string(),
      /** RFC 5322 §3.6.4, with its angle brackets; empty where there is none, or one of more than 998 octets. */
      messageId: z.string(),
      arrival: ArrivalNames.nullable(),
    }),
  },
});

export const EmailRefused = defineEvent({
  name: 'EmailRefused',
  service: 'intake',
  meaning: 'A submission by a known sender was refused by policy; nothing of its content was kept.',
  version: 2,
  upcasters: [unguarded],
  current: {
    data: z.object({
      channel: Channel,
      submittedBy: z.string(),
      /** The `type` of the answer, as docs/errors names it. */
      reason: z.string(),
      /** What guards found in it; its recipients are numbered as they would have been, had it been accepted. */
      guards: z.array(GuardFinding),
      refusedAt: z.iso.datetime(),
    }),
    personal: z.object({ mailFrom: z.string().nullable() }),
  },
});

/** What a server says it has done with a mail (RFC 3464 §2.3.3). */
export const ReportedAction = z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']);
export type ReportedAction = z.infer<typeof ReportedAction>;

export const DeliveryReported = defineEvent({
  name: 'DeliveryReported',
  service: 'intake',
  meaning:
    'A server that took the mail, or one behind it, reports what became of it for these recipients (RFC 3464). Nobody proves who wrote such a report.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      recipientIds: z.array(RecipientId).min(1),
      action: ReportedAction,
      /** RFC 3463, such as `5.1.1`. */
      status: z.string(),
      /** Of the server that refused it, where the report quotes one. */
      reply: SmtpReply.nullable(),
      reportedAt: z.iso.datetime(),
    }),
    personal: z.object({
      /** The Diagnostic-Code, its first 500 characters. */
      diagnostic: z.string().nullable(),
      /** Who reports, as it calls itself; its first 500 characters. */
      reportingMta: z.string().nullable(),
    }),
  },
});
