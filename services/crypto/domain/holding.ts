// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  type Address,
  type AddressedRecipient,
  type DomainEvent,
  type GuardFinding,
  type HoldReason,
  type NewEvent,
  type RecipientId,
} from '@securemail/contracts';

/** What of an email waits for a person. */
export interface Holding {
  /** Why each of them is held. */
  held: ReadonlyMap<RecipientId, HoldReason>;
  /** Messages planned or opened so far: the next one has the next number. */
  messages: number;
  /** Releases that are still being worked on. */
  releasing: number;
  /** The corrected addresses so far. */
  corrected: ReadonlyMap<RecipientId, Address>;
  /** Events in the email's stream, for who appends. */
  sequence: number;
}

/** Who decides, and why, in his words. */
export interface Decider {
  /** Id of the API key. */
  keyId: string;
  by: string;
  reason: string;
}

export interface Change {
  recipientId: RecipientId;
  address: Address;
}

/** Where the recipients of an email stand in crypto, by its stream. */
export function holdingOf(stream: readonly DomainEvent[]): Holding {
  const held = new Map<RecipientId, HoldReason>();
  /** By release: who is still to be tried again. */
  let releasing: RecipientId[][] = [];
  let messages = 0;
  for (const event of stream) {
    if (event.name === 'ProtectionPlanned') {
      messages += event.data.messages.length;
      releasing = releasing.slice(1);
    }
    // Mail from outside has no plan.
    if (event.name === 'EmailOpened') messages += 1;
    if (event.name === 'EmailOpened' || event.name === 'EmailHeld') {
      const { recipientIds } = event.data;
      releasing = releasing
        .map((ids) => ids.filter((id) => !recipientIds.includes(id)))
        .filter((ids) => ids.length > 0);
    }
    if (event.name === 'EmailReleased') releasing.push(event.data.recipientIds);
    if (event.name === 'EmailHeld') {
      for (const id of event.data.recipientIds) held.set(id, event.data.because);
    }
    if (event.name === 'EmailReleased' || event.name === 'EmailRejected') {
      for (const id of event.data.recipientIds) held.delete(id);
    }
  }
  return {
    held,
    messages,
    releasing: releasing.length,
    corrected: changesIn(stream),
    sequence: stream.length,
  };
}

/** Whom these events hold, and why. */
export const heldIn = (events: readonly NewEvent[]): ReadonlyMap<RecipientId, HoldReason> =>
  new Map(
    events.flatMap((event) =>
      event.name === 'EmailHeld'
        ? event.data.recipientIds.map((id) => [id, event.data.because] as const)
        : [],
    ),
  );

/** What is decided tells whom it holds, and not until when: that the settings say. */
export const heldUntil = (events: readonly NewEvent[], endsAt: string): NewEvent[] =>
  events.map((event) => (event.name === 'EmailHeld' ? { ...event, data: { ...event.data, endsAt } } : event));

/** The corrected addresses of a release, the later ones counting. */
export const changesIn = (stream: readonly DomainEvent[]): ReadonlyMap<RecipientId, Address> =>
  new Map(
    stream.flatMap((event) =>
      event.name === 'EmailReleased' && event.personal !== null
        ? event.personal.changes.map(({ recipientId, address }) => [recipientId, address] as const)
        : [],
    ),
  );

/**
 * Recipients by their corrected addresses. The header names the address that was given: another one is as secret as a
 * blind copy, unless it stands there, too.
 */
export function withCorrections(
  recipients: readonly AddressedRecipient[],
  corrected: ReadonlyMap<RecipientId, Address>,
): AddressedRecipient[] {
  const named = new Set(
    recipients.filter(({ disclosed }) => disclosed).map(({ address }) => sameFor(address)),
  );
  return recipients.map(({ recipientId, address: given, disclosed }) => {
    const address = corrected.get(recipientId) ?? given;
    return { recipientId, address, disclosed: disclosed && named.has(sameFor(address)) };
  });
}

const sameFor = (address: Address) => address.toLowerCase();

export type Refusal =
  | { refused: 'nothing-held' }
  /** The changes at these places are of who may have it already: it goes to the same address again, or not at all. */
  | { refused: 'perhaps-sent'; places: number[] }
  /** The changes at these places lead to who is a recipient already, and would get it twice. */
  | { refused: 'already-recipient'; places: number[] }
  /** The changes at these places lead outside, and the mail came from there. */
  | { refused: 'not-own'; places: number[] }
  /** These of the named recipients are not held, or not any more. */
  | { refused: 'not-held'; recipientIds: RecipientId[] };

/** Which recipients a decision is about: those that were named, or all that are held. */
function concerned({ held }: Holding, named: readonly RecipientId[] | null): RecipientId[] | Refusal {
  if (held.size === 0) return { refused: 'nothing-held' };
  const others = (named ?? []).filter((id) => !held.has(id));
  if (others.length > 0) return { refused: 'not-held', recipientIds: others };
  return [...new Set(named ?? held.keys())];
}

/**
 * They are tried again; whom still nothing safe leads to is held again. Nobody is ever let go without protection.
 *
 * @param given the addresses of all recipients of the email, as it was accepted.
 * @param within the domains that it may go to; null: any.
 * @param forwards own mailboxes that forward outside, which a correction may lead to or not; in either case an event says so.
 */
export function release(
  holding: Holding,
  named: readonly RecipientId[] | null,
  changes: readonly Change[],
  {
    given,
    within,
    forwards,
    whenForwarded,
  }: {
    given: ReadonlyMap<RecipientId, Address>;
    within: readonly string[] | null;
    forwards: (address: Address) => boolean;
    whenForwarded: 'refuse' | 'allow';
  },
  { keyId, by, reason }: Decider,
): NewEvent<'EmailReleased'> | NewEvent<'ReleaseRefused'> | Refusal {
  const recipientIds = concerned(holding, named);
  if ('refused' in recipientIds) return recipientIds;
  const beside = changes.map(({ recipientId }) => recipientId).filter((id) => !recipientIds.includes(id));
  if (beside.length > 0) return { refused: 'not-held', recipientIds: beside };
  const sent = changes.flatMap(({ recipientId }, place) =>
    holding.held.get(recipientId) === 'outcome-unknown' ? [place] : [],
  );
  if (sent.length > 0) return { refused: 'perhaps-sent', places: sent };
  const places = changesToRecipients(changes, new Map([...given, ...holding.corrected]));
  if (places.length > 0) return { refused: 'already-recipient', places };
  const outside = changes.flatMap(({ address }, place) =>
    within === null || within.includes(domainOf(address)) ? [] : [place],
  );
  if (outside.length > 0) return { refused: 'not-own', places: outside };
  const guards = forwardingFound(
    changes.filter(({ address }) => forwards(address)),
    whenForwarded,
  );
  return {
    name: guards.some(({ action }) => action === 'refuse') ? 'ReleaseRefused' : 'EmailReleased',
    data: { recipientIds, keyId, guards },
    personal: { by, reason, changes: [...changes] },
  };
}

const forwardingFound = (forwarded: readonly Change[], action: GuardFinding['action']): GuardFinding[] =>
  forwarded.length === 0
    ? []
    : [
        {
          guard: 'forwards-outside',
          action,
          recipientIds: forwarded.map(({ recipientId }) => recipientId),
          rules: [],
          unread: [],
        },
      ];

function changesToRecipients(
  changes: readonly Change[],
  before: ReadonlyMap<RecipientId, Address>,
): number[] {
  const after = [...before, ...changes.map(({ recipientId, address }) => [recipientId, address] as const)];
  const recipients = [...new Map(after)];
  return changes.flatMap(({ recipientId, address }, place) =>
    recipients.some(([id, other]) => id !== recipientId && sameFor(other) === sameFor(address))
      ? [place]
      : [],
  );
}

/** They do not get the email, for good. */
export function reject(
  holding: Holding,
  named: readonly RecipientId[] | null,
  { keyId, by, reason }: Decider,
): NewEvent<'EmailRejected'> | Refusal {
  const recipientIds = concerned(holding, named);
  if ('refused' in recipientIds) return recipientIds;
  return {
    name: 'EmailRejected',
    data: { recipientIds, because: 'rejected-by-person', keyId },
    personal: { by, reason },
  };
}

/** Nobody decided in time. Null where nobody is held any more. */
export function end({ held }: Holding): NewEvent<'EmailRejected'> | null {
  if (held.size === 0) return null;
  return {
    name: 'EmailRejected',
    data: { recipientIds: [...held.keys()], because: 'hold-ended', keyId: null },
    personal: null,
  };
}
