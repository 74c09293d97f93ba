// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';
import { byTime } from './order.ts';

/** What says how it went with a recipient. */
const OUTCOMES: ReadonlySet<DomainEvent['name']> = new Set([
  'EmailHeld',
  'EmailReleased',
  'ReleaseRefused',
  'EmailRejected',
  'ProtectionFailed',
  'Delivered',
  'Deferred',
  'Bounced',
  'OutcomeUnknown',
  'DeliveryExpired',
  'DeliveryReported',
  'MailboxMessageDeposited',
  'MailboxMessageDeclined',
  'MailboxMessageWithdrawn',
]);
/** Each has about two kilobytes. Who wants more takes an export. */
const MOST = 20;

/**
 * What a receipt goes by and is proven with: of each recipient the last event that says how it went, and the acceptance
 * where nothing says so yet. Events that name a recipient of whom the reader is not to know are left out.
 */
export function provenEvents(
  events: readonly DomainEvent[],
  isShown: (recipientId: RecipientId) => boolean,
): DomainEvent[] {
  const last = new Map<RecipientId, DomainEvent>();
  for (const event of events.toSorted(byTime))
    for (const recipientId of OUTCOMES.has(event.name) ? namedIn(event) : []) last.set(recipientId, event);
  const outcomes = [...new Set(last.values())].filter((event) => namedIn(event).every(isShown));
  if (outcomes.length > 0) return outcomes.toSorted(byTime).slice(-MOST);
  return events.filter((event) => event.name === 'EmailAccepted' && namedIn(event).every(isShown));
}

const namedIn = ({ data }: DomainEvent): readonly RecipientId[] =>
  'recipientIds' in data ? data.recipientIds : [];
