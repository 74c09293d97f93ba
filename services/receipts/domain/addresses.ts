// SPDX-License-Identifier: Apache-2.0
import type { Address, DomainEvent, RecipientId } from '@securemail/contracts';

/** The address of each recipient: as the sender gave it, or as it was corrected last. Empty once the email was erased. */
export function addressesOf(events: readonly DomainEvent[]): ReadonlyMap<RecipientId, Address> {
  const given = events.flatMap((event) =>
    event.name === 'EmailAccepted' ? (event.personal?.recipients ?? []) : [],
  );
  const corrected = events
    .filter((event) => event.name === 'EmailReleased')
    .toSorted((a, b) => a.sequence - b.sequence)
    .flatMap(({ personal }) => personal?.changes ?? []);
  return new Map([...given, ...corrected].map(({ recipientId, address }) => [recipientId, address]));
}
