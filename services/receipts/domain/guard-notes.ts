// SPDX-License-Identifier: Apache-2.0
import {
  guardNotes,
  type Address,
  type DomainEvent,
  type GuardNote,
  type Language,
  type RecipientId,
} from '@securemail/contracts';

/**
 * What guards found in an email when it was handed in, and then in the addresses that were corrected; each finding is about
 * the addresses of its moment.
 */
export function guardNotesIn(
  events: readonly DomainEvent[],
  language: Language,
  /** As it is told: to a person, in letters. */
  told: (address: string) => string = (address) => address,
): GuardNote[] {
  const said = events
    .filter((event) => event.name === 'EmailAccepted' || event.name === 'EmailReleased')
    .toSorted(
      (a, b) =>
        Number(b.name === 'EmailAccepted') - Number(a.name === 'EmailAccepted') || a.sequence - b.sequence,
    );
  return said.flatMap((event) => {
    const named = event.name === 'EmailAccepted' ? event.personal?.recipients : event.personal?.changes;
    const addresses = new Map<RecipientId, Address>(
      named?.map(({ recipientId, address }) => [recipientId, address]),
    );
    return guardNotes(event.data.guards, (id) => told(addresses.get(id) ?? id), language);
  });
}
