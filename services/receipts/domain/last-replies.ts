// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';

/** What the last attempt for a recipient came to, as the other side said it. */
export interface LastReply {
  /** RFC 3339. */
  at: string;
  /** `host:port`; null where nobody was reached, or the email was erased. */
  nextHop: string | null;
  /** The text behind the codes; it may name people. */
  text: string | null;
}

/** Of each recipient for whom something was tried. */
export function lastRepliesIn(events: readonly DomainEvent[]): ReadonlyMap<RecipientId, LastReply> {
  const replies = new Map<RecipientId, LastReply>();
  for (const event of events.toSorted((a, b) => a.sequence - b.sequence)) {
    if (event.name === 'Delivered' || event.name === 'Deferred' || event.name === 'Bounced') {
      const { nextHop = null, replyText: text = null } = event.personal ?? {};
      for (const id of event.data.recipientIds) replies.set(id, { at: event.time, nextHop, text });
    }
    if (event.name === 'DeliveryAttemptStarted' || event.name === 'OutcomeUnknown') {
      const { nextHop = null } = event.personal ?? {};
      for (const id of event.data.recipientIds) replies.set(id, { at: event.time, nextHop, text: null });
    }
  }
  return replies;
}
