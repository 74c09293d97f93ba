// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef } from '../content-ref.ts';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { EmailId, RecipientId } from '../ids.ts';

/** Version 1 knew one receipt for each email. */
const asOneOfOne: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), decisions: 0, reminder: 0 },
  personal,
});

/** Version 2 knew receipts of what was settled, and reminders, each of them a mail. */
const asFinalOrReminder: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), kind: (data as { reminder: number }).reminder > 0 ? 'reminder' : 'final' },
  personal,
});

/** Version 3 told of what is held once everybody was settled: of all holds until then. */
const asOfAllHolds: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), holds: null },
  personal,
});

/** Version 4 told of who was refused, too, and counted only holds and decisions: of all of them until then. */
const asOfAllSetbacks: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), setbacks: null },
  personal,
});

export const ReceiptKind = z.enum(['interim', 'deadline', 'partial', 'final', 'reminder', 'digest']);
export type ReceiptKind = z.infer<typeof ReceiptKind>;

export const ReceiptIssued = defineEvent({
  name: 'ReceiptIssued',
  service: 'receipts',
  meaning:
    'There is something to tell the sender, for each recipient; where it is told by mail, that lies ready for delivery.',
  version: 5,
  upcasters: [asOneOfOne, asFinalOrReminder, asOfAllHolds, asOfAllSetbacks],
  current: {
    data: z.object({
      /**
       * `interim`: some time has gone by; `deadline`: it was missed; `partial`: somebody is held, was decided about
       * or was refused, and somebody else is under way, or a server does not prove itself; `final`: everybody is settled; `reminder`: somebody is still held; `digest`: a mail about
       * several emails, of which this is one.
       */
      kind: ReceiptKind,
      /** The mail; null where the sender wants none of this, or is told of it in a digest, or is nobody who reads mail. */
      content: ContentRef.nullable(),
      outcome: z.enum(['in-progress', 'sent', 'partly-sent', 'not-sent']),
      issuedAt: z.iso.datetime(),
      /** How many times somebody came to be held that it tells of; null: all until then. */
      holds: z.int().nonnegative().nullable(),
      /** How many decisions about held recipients it tells of: each is followed by a receipt. */
      decisions: z.int().nonnegative(),
      /**
       * How many times somebody was refused or given up, or a server did not prove itself for him, that it tells of; null:
       * all until then.
       */
      setbacks: z.int().nonnegative().nullable(),
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

/** What somebody may do in the console: `decider` and `operator` each more than the one before; `auditor` sees more, and does nothing. */
export const ConsoleRole = z.enum(['reader', 'auditor', 'decider', 'operator']);
export type ConsoleRole = z.infer<typeof ConsoleRole>;

/** Who acts in the console: his stream is his session, and `keyId` of other events names it. */
const person = z.object({ by: z.string() });

/** There was no `auditor`; all else is as it was. */
const withoutAuditors: Upcaster = (body) => body;

export const ConsoleSignedIn = defineEvent({
  name: 'ConsoleSignedIn',
  service: 'receipts',
  meaning: 'A person of the organisation signed in to the console. The stream is the session.',
  version: 2,
  upcasters: [withoutAuditors],
  current: {
    data: z.object({
      method: z.enum(['openid-connect', 'password']),
      /** Who said who it is; null: we did. */
      issuer: z.string().nullable(),
      role: ConsoleRole,
      endsAt: z.iso.datetime(),
    }),
    /** `subject`: as the issuer names the person for ever; the name of the account where it is ours. */
    personal: person.extend({ subject: z.string() }),
  },
});

export const ConsoleSignedOut = defineEvent({
  name: 'ConsoleSignedOut',
  service: 'receipts',
  meaning:
    'A person ended the session in the console. One that nobody ended ends by itself, and nothing tells of it.',
  version: 1,
  upcasters: [],
  current: { data: z.object({}), personal: person },
});

export const ConsoleSearched = defineEvent({
  name: 'ConsoleSearched',
  service: 'receipts',
  meaning:
    'A person looked in the console for emails: of somebody, a certain one, or those of some time or state; or an API key that may audit or administer did: then `by` is its id, and the stream has this event alone.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ kind: z.enum(['address', 'domain', 'message-id', 'trace-id', 'time-and-state']) }),
    personal: person.extend({ sought: z.string() }),
  },
});

export const EmailInspected = defineEvent({
  name: 'EmailInspected',
  service: 'receipts',
  meaning:
    'A person looked at this email in the console, for the first time in this session; or an API key that may audit or administer, for the first time on that day.',
  version: 1,
  upcasters: [],
  current: { data: z.object({ keyId: z.string() }), personal: person },
});

export const AuditExported = defineEvent({
  name: 'AuditExported',
  service: 'receipts',
  meaning: 'Somebody took events out of the ledger, with what proves them. The stream is the export.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      /** The email whose events were taken; null: those of a time. */
      emailId: EmailId.nullable(),
      /** Recorded from then on, before then; null: from the beginning, to the end. */
      from: z.iso.datetime().nullable(),
      to: z.iso.datetime().nullable(),
      events: z.int().nonnegative(),
      /** Leaves of the ledger at that moment. */
      size: z.int().nonnegative(),
      keyId: z.string().nullable(),
    }),
    personal: z.object({ by: z.string(), reason: z.string() }),
  },
});

export const ErasureRequested = defineEvent({
  name: 'ErasureRequested',
  service: 'receipts',
  meaning:
    'A person had an email erased. The stream is this act alone: what names the person is not to go with the email.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      requested: z.object({ emailId: EmailId }),
      /** An API key, or the session of a person; null: at the command line. */
      keyId: z.string().nullable(),
    }),
    personal: person.extend({ reason: z.string() }),
  },
});

export const ContentErased = defineEvent({
  name: 'ContentErased',
  service: 'receipts',
  meaning:
    'The key of the email is destroyed: its content is gone, and its events name nobody any more. They are proven as before.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      because: z.enum(['retention', 'request']),
      /** The stream of `ErasureRequested`; null: the time is over for which the organisation keeps it. */
      requestId: EmailId.nullable(),
    }),
    personal: z.null(),
  },
});

export const LegalHoldPlaced = defineEvent({
  name: 'LegalHoldPlaced',
  service: 'receipts',
  meaning: 'A person said that nothing that this covers may be erased. The stream is the legal hold.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      covers: z.enum(['email', 'address', 'domain', 'everything']),
      /** The one email; null: it is about no certain one. */
      heldEmailId: EmailId.nullable(),
      keyId: z.string().nullable(),
    }),
    /** `sought`: the address or the domain; null where it is about neither. */
    personal: person.extend({ reason: z.string(), sought: z.string().nullable() }),
  },
});

export const LegalHoldLifted = defineEvent({
  name: 'LegalHoldLifted',
  service: 'receipts',
  meaning: 'A person lifted the legal hold: what it covered is kept no longer than other emails.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({ keyId: z.string().nullable() }),
    personal: person.extend({ reason: z.string() }),
  },
});
