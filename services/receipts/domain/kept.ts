// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';

/**
 * What receipts keeps of every email, and folds. Who signs in sends no email: of `MailboxCodeIssued`,
 * `MailboxAddressProven`, `MailboxNoticeIssued` and credentials nothing is kept, nor of sessions of the console.
 */
export const TOLD_OF_EMAILS = [
  'EmailAccepted',
  'EmailRefused',
  'DeliveryReported',
  'ProtectionPlanned',
  'EmailProtected',
  'EmailOpened',
  'ProtectionFailed',
  'EmailHeld',
  'EmailReleased',
  'ReleaseRefused',
  'EmailRejected',
  'DeliveryAttemptStarted',
  'Delivered',
  'Deferred',
  'Bounced',
  'OutcomeUnknown',
  'DeliveryExpired',
  'MailboxMessageDeposited',
  'MailboxMessageOpened',
  'MailboxMessageDeclined',
  'MailboxMessageWithdrawn',
  'ReceiptIssued',
  'DeadlineMissed',
  'ContentErased',
] as const satisfies DomainEvent['name'][];

/**
 * Who looked at an email, had an event of it tried again or it erased, or forbade that: shown, and nothing follows from it.
 */
export const ACTS_ABOUT_EMAILS = [
  'EmailInspected',
  'DeadLetterReplayed',
  'ErasureRequested',
  'LegalHoldPlaced',
] as const satisfies DomainEvent['name'][];

const KEPT: ReadonlySet<string> = new Set([...TOLD_OF_EMAILS, ...ACTS_ABOUT_EMAILS]);

/** Whether receipts keeps such an event. */
export const isKept = ({ name }: { name: string }): boolean => KEPT.has(name);
