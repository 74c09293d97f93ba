// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import {
  type DataOf,
  Address,
  newAttemptId,
  newContentId,
  protectedMessageId,
  RECEIPT_MESSAGE,
  recipientId,
  SENDER_RECIPIENT,
  Sha256,
  type ContentRef,
  type HoldReason,
  type NewEvent,
  type ProtectionMethod,
} from '@securemail/contracts';

/** What the other services say of an email; recipients go by number, 1 is `r1`. */

const content = () => ({ contentId: newContentId(), size: 7, sha256: Sha256.parse('0'.repeat(64)) });
const addressed = (addresses: readonly string[]) =>
  addresses.map((address, index) => ({
    recipientId: recipientId(index + 1),
    address: Address.parse(address),
    disclosed: true,
  }));
const attempt = (...ordinals: number[]) => ({
  attemptId: newAttemptId(),
  protectedMessageId: protectedMessageId(1),
  recipientIds: ordinals.map(recipientId),
});
const otherSide = { nextHop: 'mx.citizen.example:25', replyText: null };

export const BO = 'bo@citizen.example';
export const KIM = 'kim@citizen.example';

const SENT = { channel: 'rest', direction: 'outbound', secureBy: 'api', arrival: null } as const;
const CAME = {
  channel: 'internet',
  direction: 'inbound',
  secureBy: null,
  arrival: {
    tls: null,
    authentication: { spf: 'none', dkim: [], dmarc: { result: 'none', policy: null }, arc: 'none' },
    thread: 'new',
  },
} satisfies Partial<DataOf<'EmailAccepted'>>;
const NAMES = {
  client: '192.0.2.1',
  clientName: 'mx',
  receivedBy: 'gateway.example',
  spfDomain: null,
  dkimDomains: [],
  dmarcDomain: null,
};

export function accepted({
  to = [BO],
  from = 'anna@demo.example',
  subject = 'Journal',
  messageId = '<1@demo.example>',
  acceptedAt = new Date().toISOString(),
  deadlineAt = new Date(Date.parse(acceptedAt) + 600_000).toISOString(),
  stored = content(),
  inbound = false,
  automatic = null,
  handedIn = null,
  guards = [],
  hideSubject = false,
}: {
  to?: readonly string[];
  from?: string;
  subject?: string;
  messageId?: string;
  acceptedAt?: string;
  deadlineAt?: string;
  /** Its content in the vault; without it, nothing lies there. */
  stored?: ContentRef;
  /** From outside, to people of ours. */
  inbound?: boolean;
  /** What it says of itself that sent it. */
  automatic?: DataOf<'EmailAccepted'>['automatic'];
  handedIn?: DataOf<'EmailAccepted'>['handedIn'];
  guards?: DataOf<'EmailAccepted'>['guards'];
  hideSubject?: boolean;
} = {}): NewEvent {
  const recipients = addressed(to);
  return {
    name: 'EmailAccepted',
    data: {
      automatic,
      handedIn,
      hideSubject,
      wroteInMailbox: [],
      ...(inbound ? CAME : SENT),
      guards,
      submittedBy: 'app',
      content: stored,
      recipientIds: recipients.map((each) => each.recipientId),
      acceptedAt,
      deadlineAt,
    },
    personal: {
      mailFrom: Address.parse(from),
      recipients,
      subject,
      messageId,
      arrival: inbound ? NAMES : null,
    },
  };
}

/** One method for all of them; null: none was found. */
export const planned = (
  ordinals: readonly number[],
  method: ProtectionMethod | null = 'smime-personal',
): NewEvent => ({
  name: 'ProtectionPlanned',
  data: {
    messages:
      method === null
        ? []
        : [{ protectedMessageId: protectedMessageId(1), method, recipientIds: ordinals.map(recipientId) }],
    recipients: ordinals.map((ordinal) => ({
      recipientId: recipientId(ordinal),
      method,
      passedOver: [{ method: 'internal', because: 'not-an-own-domain' }],
    })),
  },
  personal: null,
});

export const madeFor = (
  addresses: readonly string[],
  method: ProtectionMethod = 'smime-personal',
): NewEvent => {
  const recipients = addressed(addresses);
  return {
    name: 'EmailProtected',
    data: {
      protectedMessageId: protectedMessageId(1),
      method,
      recipientIds: recipients.map((each) => each.recipientId),
      content: content(),
      deadlineAt: new Date().toISOString(),
      signature: null,
      encryption: null,
    },
    personal: { mailFrom: Address.parse('anna@demo.example'), recipients },
  };
};

export const held = (
  ordinals: readonly number[],
  because: HoldReason = 'no-secure-method',
  endsAt: string | null = null,
): NewEvent => ({
  name: 'EmailHeld',
  data: { recipientIds: ordinals.map(recipientId), because, endsAt },
  personal: null,
});

/** To another address than was given. */
export const corrected = (
  ordinal: number,
  address: string,
  guards: DataOf<'EmailReleased'>['guards'] = [],
): NewEvent => ({
  name: 'EmailReleased',
  data: { recipientIds: [recipientId(ordinal)], keyId: 'console', guards },
  personal: {
    by: 'Ida Iversen',
    reason: 'mistyped',
    changes: [{ recipientId: recipientId(ordinal), address: Address.parse(address) }],
  },
});

export const released = (...ordinals: number[]): NewEvent => ({
  name: 'EmailReleased',
  data: { recipientIds: ordinals.map(recipientId), keyId: 'console', guards: [] },
  personal: { by: 'Ida Iversen', reason: 'certificate is there now', changes: [] },
});

/** By a person; or, with nobody, because the time was over. */
export const rejected = (by: string | null, ...ordinals: number[]): NewEvent => ({
  name: 'EmailRejected',
  data: {
    recipientIds: ordinals.map(recipientId),
    because: by === null ? 'hold-ended' : 'rejected-by-person',
    keyId: by === null ? null : 'console',
  },
  personal: by === null ? null : { by, reason: 'sent by letter' },
});

/** In SecureMailBox. */
export const deposited = (ordinal: number, endsAt: string, takeBack: string | null = null): NewEvent => ({
  name: 'MailboxMessageDeposited',
  data: {
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(ordinal)],
    content: content(),
    messageId: randomUUID(),
    linkSha256: Sha256.parse('0'.repeat(64)),
    endsAt,
  },
  personal: { ...mailboxMail(ordinal), takeBack },
});

export const opened = (ordinal: number, openedAt: string): NewEvent => ({
  name: 'MailboxMessageOpened',
  data: { protectedMessageId: protectedMessageId(1), recipientIds: [recipientId(ordinal)], openedAt },
  personal: null,
});

export const declined = (ordinal: number): NewEvent => ({
  name: 'MailboxMessageDeclined',
  data: {
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(ordinal)],
    declinedAt: new Date().toISOString(),
  },
  personal: null,
});

export const withdrawn = (ordinal: number, openedAt: string | null): NewEvent => ({
  name: 'MailboxMessageWithdrawn',
  data: {
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(ordinal)],
    withdrawnAt: new Date().toISOString(),
    openedAt,
    withdrawnBy: 'app',
  },
  personal: null,
});

/** In a stream of its own. */
export const codeIssued = (): NewEvent => ({
  name: 'MailboxCodeIssued',
  data: {
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(1)],
    content: content(),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  },
  personal: mailboxMail(1),
});

const mailboxMail = (ordinal: number) => ({
  mailFrom: Address.parse('securemail@demo.example'),
  recipients: [{ recipientId: recipientId(ordinal), address: Address.parse(BO), disclosed: true }],
});

export const started = (...ordinals: number[]): NewEvent => ({
  name: 'DeliveryAttemptStarted',
  data: { ...attempt(...ordinals), ordinal: 1, placeSince: null },
  personal: { nextHop: otherSide.nextHop },
});

export const delivered = (...ordinals: number[]): NewEvent => ({
  name: 'Delivered',
  data: { ...attempt(...ordinals), reply: { code: 250, enhancedCode: '2.0.0' }, tls: null },
  personal: otherSide,
});

export const deferred = (...ordinals: number[]): NewEvent => ({
  name: 'Deferred',
  data: {
    ...attempt(...ordinals),
    phase: 'rcpt-to',
    reply: { code: 450, enhancedCode: '4.2.1' },
    failure: null,
    nextAttemptAt: new Date(Date.now() + 60_000).toISOString(),
  },
  personal: otherSide,
});

/** Its server would take it, and does not prove itself. */
export const unproven = (...ordinals: number[]): NewEvent => ({
  name: 'Deferred',
  data: {
    ...attempt(...ordinals),
    phase: 'tls',
    reply: null,
    failure: 'tls-not-verified',
    nextAttemptAt: new Date(Date.now() + 60_000).toISOString(),
  },
  personal: otherSide,
});

export const bounced = (...ordinals: number[]): NewEvent => ({
  name: 'Bounced',
  data: {
    ...attempt(...ordinals),
    phase: 'rcpt-to',
    reply: { code: 550, enhancedCode: '5.1.1' },
    failure: null,
  },
  personal: { ...otherSide, replyText: 'No such user bo@citizen.example' },
});

export const unknown = (next: 'send-again' | 'hold', ...ordinals: number[]): NewEvent => ({
  name: 'OutcomeUnknown',
  data: {
    ...attempt(...ordinals),
    next,
    nextAttemptAt: next === 'hold' ? null : new Date(Date.now() + 60_000).toISOString(),
  },
  personal: { nextHop: otherSide.nextHop },
});

export const expired = (...ordinals: number[]): NewEvent => ({
  name: 'DeliveryExpired',
  data: { protectedMessageId: protectedMessageId(1), recipientIds: ordinals.map(recipientId), attempts: 9 },
  personal: null,
});

/** By the other side, when it had taken the mail. */
export const reported = (action: 'failed' | 'delayed' | 'delivered', ...ordinals: number[]): NewEvent => ({
  name: 'DeliveryReported',
  data: {
    recipientIds: ordinals.map(recipientId),
    action,
    status: action === 'failed' ? '5.1.1' : '4.4.1',
    reply: action === 'failed' ? { code: 550, enhancedCode: '5.1.1' } : null,
    reportedAt: new Date().toISOString(),
  },
  personal: { diagnostic: 'smtp; 550 5.1.1 No such user', reportingMta: 'dns; mx.citizen.example' },
});

/** The receipt itself reached the sender. */
export const receiptDelivered = (): NewEvent => ({
  name: 'Delivered',
  data: {
    attemptId: newAttemptId(),
    protectedMessageId: RECEIPT_MESSAGE,
    recipientIds: [SENDER_RECIPIENT],
    reply: { code: 250, enhancedCode: '2.0.0' },
    tls: null,
  },
  personal: otherSide,
});

export const refused = (): NewEvent => ({
  name: 'EmailRefused',
  data: {
    channel: 'rest',
    submittedBy: 'app',
    reason: 'not-secure',
    guards: [],
    refusedAt: new Date().toISOString(),
  },
  personal: { mailFrom: 'anna@demo.example' },
});
