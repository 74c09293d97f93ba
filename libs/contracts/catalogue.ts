// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import type { EventDefinition } from './define-event.ts';
import * as each from './events/each.ts';
import * as crypto from './events/crypto.ts';
import * as delivery from './events/delivery.ts';
import * as intake from './events/intake.ts';
import * as mailbox from './events/mailbox.ts';
import * as receipts from './events/receipts.ts';

/** Every event type there is. A new one is added here and nowhere else. */
export const CATALOGUE = {
  EmailAccepted: intake.EmailAccepted,
  EmailRefused: intake.EmailRefused,
  DeliveryReported: intake.DeliveryReported,
  ProtectionPlanned: crypto.ProtectionPlanned,
  EmailProtected: crypto.EmailProtected,
  EmailOpened: crypto.EmailOpened,
  ProtectionFailed: crypto.ProtectionFailed,
  EmailHeld: crypto.EmailHeld,
  EmailReleased: crypto.EmailReleased,
  ReleaseRefused: crypto.ReleaseRefused,
  EmailRejected: crypto.EmailRejected,
  DeliveryAttemptStarted: delivery.DeliveryAttemptStarted,
  Delivered: delivery.Delivered,
  Deferred: delivery.Deferred,
  Bounced: delivery.Bounced,
  OutcomeUnknown: delivery.OutcomeUnknown,
  DeliveryExpired: delivery.DeliveryExpired,
  MailboxMessageDeposited: mailbox.MailboxMessageDeposited,
  MailboxMessageOpened: mailbox.MailboxMessageOpened,
  MailboxMessageDeclined: mailbox.MailboxMessageDeclined,
  MailboxMessageWithdrawn: mailbox.MailboxMessageWithdrawn,
  MailboxCodeIssued: mailbox.MailboxCodeIssued,
  MailboxCredentialAdded: mailbox.MailboxCredentialAdded,
  MailboxCredentialRemoved: mailbox.MailboxCredentialRemoved,
  MailboxNoticeIssued: mailbox.MailboxNoticeIssued,
  MailboxAddressProven: mailbox.MailboxAddressProven,
  MailboxReplySubmitted: mailbox.MailboxReplySubmitted,
  MailboxLetterSubmitted: mailbox.MailboxLetterSubmitted,
  ReceiptIssued: receipts.ReceiptIssued,
  DeadlineMissed: receipts.DeadlineMissed,
  ConsoleSignedIn: receipts.ConsoleSignedIn,
  ConsoleSignedOut: receipts.ConsoleSignedOut,
  ConsoleSearched: receipts.ConsoleSearched,
  AuditExported: receipts.AuditExported,
  EmailInspected: receipts.EmailInspected,
  ErasureRequested: receipts.ErasureRequested,
  ContentErased: receipts.ContentErased,
  LegalHoldPlaced: receipts.LegalHoldPlaced,
  LegalHoldLifted: receipts.LegalHoldLifted,
  DeadLetterReplayed: each.DeadLetterReplayed,
  ConsoleListShown: each.ConsoleListShown,
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof CATALOGUE;

export type DataOf<Name extends EventName> = z.infer<(typeof CATALOGUE)[Name]['current']['data']>;
export type PersonalOf<Name extends EventName> = z.infer<(typeof CATALOGUE)[Name]['current']['personal']>;

/** What a decision returns: an event that has no id, time or place in a stream yet. */
export type NewEvent<Name extends EventName = EventName> = {
  [N in Name]: { name: N; data: DataOf<N>; personal: PersonalOf<N> };
}[Name];

export const isEventName = (name: string): name is EventName => Object.hasOwn(CATALOGUE, name);
