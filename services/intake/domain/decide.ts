// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  recipientId,
  type Address,
  type Channel,
  type ContentRef,
  type NewEvent,
  type SecureBy,
} from '@securemail/contracts';
import { messageIdInEvent, subjectInEvent } from './told-in-event.ts';

/** What a tenant has set that decides whether a mail is taken. */
export interface IntakePolicy {
  domains: readonly string[];
  whenNotAskedSecure: 'protect' | 'refuse';
  deadlineMinutes: number;
}

export interface Submission {
  channel: Channel;
  submittedBy: string;
  mailFrom: Address;
  /** Whether who hands the mail in may send as `mailFrom`. */
  senderAllowed: boolean;
  /** What asked for the mail to be sent securely; null where nothing did. */
  askedBy: Exclude<SecureBy, 'policy'> | null;
}

export type Refusal = 'sender-not-allowed' | 'not-secure';

/** Why the mail is not taken, before its content is stored; null where it is. */
export function refusalOf(submission: Submission, policy: IntakePolicy): Refusal | null {
  if (!submission.senderAllowed || !policy.domains.includes(domainOf(submission.mailFrom)))
    return 'sender-not-allowed';
  if (submission.askedBy === null && policy.whenNotAskedSecure === 'refuse') return 'not-secure';
  return null;
}

export const refuse = (submission: Submission, reason: Refusal, at: Date): NewEvent<'EmailRefused'> => ({
  name: 'EmailRefused',
  data: {
    channel: submission.channel,
    submittedBy: submission.submittedBy,
    reason,
    refusedAt: at.toISOString(),
  },
  personal: { mailFrom: submission.mailFrom },
});

export interface StoredMail {
  content: ContentRef;
  recipients: readonly Address[];
  /** The addresses that the header shows to every reader. */
  disclosed: readonly string[];
  subject: string;
  messageId: string;
}

/** The event that makes a stored mail ours. Mail that nobody asked to protect is protected by policy: no other way out exists. */
export function accept(
  submission: Submission,
  mail: StoredMail,
  policy: IntakePolicy,
  at: Date,
): NewEvent<'EmailAccepted'> {
  const shown = new Set(mail.disclosed.map((address) => address.toLowerCase()));
  const recipients = distinct(mail.recipients).map((address, index) => ({
    recipientId: recipientId(index + 1),
    address,
    disclosed: shown.has(address.toLowerCase()),
  }));
  const internal = recipients.every(({ address }) => policy.domains.includes(domainOf(address)));
  return {
    name: 'EmailAccepted',
    data: {
      channel: submission.channel,
      direction: internal ? 'internal' : 'outbound',
      secureBy: submission.askedBy ?? 'policy',
      submittedBy: submission.submittedBy,
      content: mail.content,
      recipientIds: recipients.map((recipient) => recipient.recipientId),
      acceptedAt: at.toISOString(),
      deadlineAt: new Date(at.getTime() + policy.deadlineMinutes * 60_000).toISOString(),
    },
    personal: {
      mailFrom: submission.mailFrom,
      recipients,
      subject: subjectInEvent(mail.subject),
      messageId: messageIdInEvent(mail.messageId),
    },
  };
}

/** Each mailbox once, as first written; only the case-blind twin is dropped. */
function distinct(addresses: readonly Address[]): Address[] {
  const seen = new Map<string, Address>();
  for (const address of addresses)
    if (!seen.has(address.toLowerCase())) seen.set(address.toLowerCase(), address);
  return [...seen.values()];
}
