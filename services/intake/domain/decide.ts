// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  type DataOf,
  recipientId,
  type Address,
  type AddressedRecipient,
  type Channel,
  type ContentRef,
  type GuardFinding,
  type GuardName,
  type NewEvent,
  type PlainRefusal,
  type SecureBy,
  type Sha256,
} from '@securemail/contracts';
import { demandsProtection, refusing } from './guards/guard.ts';
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
  askedBy: Exclude<SecureBy, 'policy' | 'guard'> | null;
}

export type Refusal = PlainRefusal | GuardName;

/** Whether somebody hands in a mail whose sender he is. */
export const mayHandIn = ({ senderAllowed, mailFrom }: Submission, { domains }: IntakePolicy): boolean =>
  senderAllowed && domains.includes(domainOf(mailFrom));

/** Why the mail is not taken, by what guards found in it; null where it is. What stays inside needs nobody's asking. */
export function refusalOf(
  { askedBy }: Submission,
  recipients: readonly Address[],
  { domains, whenNotAskedSecure }: IntakePolicy,
  findings: readonly GuardFinding[],
): Refusal | null {
  const refused = refusing(findings);
  if (refused !== null) return refused.guard;
  if (askedBy !== null || demandsProtection(findings) || whenNotAskedSecure === 'protect') return null;
  return staysInside(recipients, domains) ? null : 'not-secure';
}

const staysInside = (recipients: readonly Address[], domains: readonly string[]): boolean =>
  recipients.every((address) => domains.includes(domainOf(address)));

export const refuse = (
  submission: Submission,
  reason: Refusal,
  guards: readonly GuardFinding[],
  at: Date,
): NewEvent<'EmailRefused'> => ({
  name: 'EmailRefused',
  data: {
    channel: submission.channel,
    submittedBy: submission.submittedBy,
    reason,
    guards: [...guards],
    refusedAt: at.toISOString(),
  },
  personal: { mailFrom: submission.mailFrom },
});

export interface StoredMail {
  content: ContentRef;
  /** Each named once. */
  recipients: readonly Address[];
  /** The addresses that the header shows to every reader. */
  disclosed: readonly string[];
  subject: string;
  messageId: string;
  /** What it says of itself that sent it. */
  automatic: DataOf<'EmailAccepted'>['automatic'];
  /** Of the octets as they were handed in; null where nobody here did. */
  handedIn: { size: number; sha256: Sha256 } | null;
  /** Those of the recipients who wrote in SecureMailBox on its thread. */
  wroteInMailbox: readonly Address[];
  /** Something sensitive was found in the subject alone. */
  hideSubject: boolean;
}

/** The event that makes a stored mail ours. Mail that nobody asked to protect is protected by policy: no other way out exists. */
export function accept(
  submission: Submission,
  mail: StoredMail,
  policy: IntakePolicy,
  guards: readonly GuardFinding[],
  at: Date,
): NewEvent<'EmailAccepted'> {
  const { data, personal } = taken(mail, policy.deadlineMinutes, at);
  const internal = staysInside(mail.recipients, policy.domains);
  return {
    name: 'EmailAccepted',
    data: {
      channel: submission.channel,
      direction: internal ? 'internal' : 'outbound',
      secureBy: submission.askedBy ?? (demandsProtection(guards) ? 'guard' : 'policy'),
      arrival: null,
      guards: [...guards],
      submittedBy: submission.submittedBy,
      ...data,
    },
    personal: { mailFrom: submission.mailFrom, ...personal, arrival: null },
  };
}

/** What the event says of a mail that was taken, whichever way it came. */
export function taken(mail: StoredMail, deadlineMinutes: number, at: Date) {
  const recipients = addressedIn(mail);
  return {
    data: {
      content: mail.content,
      automatic: mail.automatic,
      handedIn: mail.handedIn,
      hideSubject: mail.hideSubject,
      recipientIds: recipients.map(({ recipientId }) => recipientId),
      wroteInMailbox: recipients
        .filter(({ address }) => mail.wroteInMailbox.includes(address))
        .map(({ recipientId }) => recipientId),
      acceptedAt: at.toISOString(),
      deadlineAt: new Date(at.getTime() + deadlineMinutes * 60_000).toISOString(),
    },
    personal: {
      recipients,
      subject: subjectInEvent(mail.subject),
      messageId: messageIdInEvent(mail.messageId),
    },
  };
}

/** Its recipients, numbered, and which of them the header shows to every reader. */
function addressedIn({
  recipients,
  disclosed,
}: Pick<StoredMail, 'recipients' | 'disclosed'>): AddressedRecipient[] {
  const shown = new Set(disclosed.map((address) => address.toLowerCase()));
  return recipients.map((address, index) => ({
    recipientId: recipientId(index + 1),
    address,
    disclosed: shown.has(address.toLowerCase()),
  }));
}

/** Each mailbox once, as first written; only the case-blind twin is dropped. */
export function distinct(addresses: readonly Address[]): Address[] {
  const seen = new Map<string, Address>();
  for (const address of addresses)
    if (!seen.has(address.toLowerCase())) seen.set(address.toLowerCase(), address);
  return [...seen.values()];
}
