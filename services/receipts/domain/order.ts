// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';

const SOURCES = ['intake', 'crypto', 'mailbox', 'delivery', 'receipts'];
/** What follows from messages that crypto made. */
const FOLLOWING = ['mailbox', 'delivery'];
/** What the other side says of what arrived comes after what delivery did. */
const LATER: readonly string[] = ['DeliveryReported', 'MailboxMessageDeclined', 'MailboxMessageWithdrawn'];
const placeOf = ({ name, source }: DomainEvent): number => {
  // What was written in SecureMailBox comes before intake takes it.
  if (name === 'MailboxReplySubmitted' || name === 'MailboxLetterSubmitted') return -1;
  return LATER.includes(name) ? SOURCES.indexOf('delivery') + 0.5 : SOURCES.indexOf(source);
};
const byService = (a: DomainEvent, b: DomainEvent) => placeOf(a) - placeOf(b) || a.sequence - b.sequence;

/** Oldest first, for a reader; what happened at one time as the services come after each other. */
export const byTime = (a: DomainEvent, b: DomainEvent) => a.time.localeCompare(b.time) || byService(a, b);

/**
 * What SecureMailBox and then delivery say of a message comes directly after that was made: what crypto says later of the same recipient, such as
 * that a person let it be sent again, follows from it.
 */
export function inOrder(events: readonly DomainEvent[]): DomainEvent[] {
  const made = new Map(
    events.flatMap((event) =>
      event.name === 'EmailProtected' || event.name === 'EmailOpened'
        ? [[event.data.protectedMessageId, event.sequence] as const]
        : [],
    ),
  );
  const afterCrypto = (event: DomainEvent): number => {
    if (event.source === 'crypto') return event.sequence;
    if (!FOLLOWING.includes(event.source) || !('protectedMessageId' in event.data)) return 0;
    return made.get(event.data.protectedMessageId) ?? Number.MAX_SAFE_INTEGER;
  };
  const crypto = SOURCES.indexOf('crypto');
  const following = FOLLOWING.map((source) => SOURCES.indexOf(source));
  const placed = events.map((event) => {
    const place = placeOf(event);
    return { event, place: following.includes(place) ? crypto : place, after: afterCrypto(event) };
  });
  return placed
    .sort((a, b) => a.place - b.place || a.after - b.after || byService(a.event, b.event))
    .map(({ event }) => event);
}
