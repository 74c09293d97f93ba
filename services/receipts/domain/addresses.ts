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

/** The address that the sender gave, of who has another one by a release. Empty once the email was erased. */
export function givenInstead(events: readonly DomainEvent[]): ReadonlyMap<RecipientId, Address> {
  const addresses = addressesOf(events);
  const given = events.flatMap((event) =>
    event.name === 'EmailAccepted' ? (event.personal?.recipients ?? []) : [],
  );
  return new Map(
    given.flatMap(({ recipientId, address }) =>
      addresses.get(recipientId)?.toLowerCase() === address.toLowerCase() ? [] : [[recipientId, address]],
    ),
  );
}

/**
 * The addresses that the header names and nothing was sent to, as a release corrected them: who was to get it there got it
 * elsewhere, if at all. Where somebody else was corrected to one of them, that is not so. Empty once the email was erased.
 */
export function correctedAway(events: readonly DomainEvent[]): Address[] {
  const instead = givenInstead(events);
  const used = new Set([...addressesOf(events).values()].map((address) => address.toLowerCase()));
  const given = events.flatMap((event) =>
    event.name === 'EmailAccepted' ? (event.personal?.recipients ?? []) : [],
  );
  const away = given.flatMap(({ recipientId, address, disclosed }) =>
    disclosed && instead.has(recipientId) && !used.has(address.toLowerCase()) ? address : [],
  );
  return [...new Set(away)];
}

/**
 * Whom the header names, so that the others know of them: who was corrected to another address than it names is as secret
 * as a blind copy. Empty once the email was erased.
 */
export function disclosedIn(events: readonly DomainEvent[]): ReadonlySet<RecipientId> {
  const given = events.flatMap((event) =>
    event.name === 'EmailAccepted' ? (event.personal?.recipients ?? []) : [],
  );
  const named = given.filter(({ disclosed }) => disclosed);
  const inHeader = new Set(named.map(({ address }) => address.toLowerCase()));
  const addresses = addressesOf(events);
  const isNamed = (id: RecipientId) => inHeader.has(addresses.get(id)?.toLowerCase() ?? '');
  return new Set(named.flatMap(({ recipientId }) => (isNamed(recipientId) ? recipientId : [])));
}
