// SPDX-License-Identifier: Apache-2.0
import {
  protectedMessageId,
  type DataOf,
  type DomainEvent,
  type NewEvent,
  type PersonalOf,
  type ProtectedMessageId,
  type RecipientId,
} from '@securemail/contracts';
import { holdingOf } from './holding.ts';

/** A message that was made, of an email that is not erased. */
type Made = {
  [N in 'EmailProtected' | 'EmailOpened']: { name: N; data: DataOf<N>; personal: PersonalOf<N> };
}['EmailProtected' | 'EmailOpened'];

/** The message that a recipient was to get last; null where there is none, or the email was erased. */
export function madeFor(stream: readonly DomainEvent[], recipientId: RecipientId): Made | null {
  const made = stream.filter((event) => event.name === 'EmailProtected' || event.name === 'EmailOpened');
  const last = made.findLast(({ data }) => data.recipientIds.includes(recipientId));
  return last === undefined || last.personal === null ? null : (last as Made);
}

/** Of whom was released, those whose outcome is unknown, and the others, for whom all is planned anew. */
export function split(
  { sequence: decided, data }: DomainEvent<'EmailReleased'>,
  stream: readonly DomainEvent[],
): { again: RecipientId[]; anew: RecipientId[] } {
  const { held } = holdingOf(stream.filter(({ sequence }) => sequence < decided));
  const isAgain = (id: RecipientId) => held.get(id) === 'outcome-unknown';
  return { again: data.recipientIds.filter(isAgain), anew: data.recipientIds.filter((id) => !isAgain(id)) };
}

/**
 * The messages that were made for these recipients once more, octet for octet: who has it already sees one mail with one
 * Message-ID. It was protected by the rules when it was made, and delivery proves the way of each attempt anew.
 *
 * @param anew what the same release came to for others.
 * @param planned how many messages of the email were planned before.
 * @returns all of it, under one plan; mail from outside has none.
 */
export function sentAgain(
  stream: readonly DomainEvent[],
  recipientIds: readonly RecipientId[],
  anew: readonly NewEvent[],
  planned: number,
): NewEvent[] {
  const plan = anew.find((event) => event.name === 'ProtectionPlanned')?.data;
  // Mail from outside has no plan.
  const already = plan?.messages.length ?? anew.filter(({ name }) => name === 'EmailOpened').length;
  const first = planned + already + 1;
  const groups = [...Map.groupBy(recipientIds, (id) => madeFor(stream, id))];
  const again = groups.flatMap(([made, ids], index) =>
    made === null ? [] : [copyOf(made, protectedMessageId(first + index), ids)],
  );
  const messages = again.flatMap(({ name, data }) =>
    name === 'EmailOpened'
      ? []
      : [
          {
            protectedMessageId: data.protectedMessageId,
            method: data.method,
            recipientIds: data.recipientIds,
          },
        ],
  );
  if (messages.length === 0) return [...anew, ...again];
  const whole: NewEvent = {
    name: 'ProtectionPlanned',
    data: {
      messages: [...(plan?.messages ?? []), ...messages],
      recipients: [...(plan?.recipients ?? []), ...messages.flatMap((message) => plansOf(stream, message))],
    },
    personal: null,
  };
  return [whole, ...anew.filter(({ name }) => name !== 'ProtectionPlanned'), ...again];
}

function copyOf(made: Made, id: ProtectedMessageId, recipientIds: RecipientId[]): Made {
  const ids = { protectedMessageId: id, recipientIds };
  const recipients = made.personal.recipients.filter(({ recipientId }) => recipientIds.includes(recipientId));
  return made.name === 'EmailOpened'
    ? { name: made.name, data: { ...made.data, ...ids }, personal: { ...made.personal, recipients } }
    : { name: made.name, data: { ...made.data, ...ids }, personal: { ...made.personal, recipients } };
}

/** As it was planned last: nothing is planned anew. */
function plansOf(
  stream: readonly DomainEvent[],
  { method, recipientIds }: DataOf<'ProtectionPlanned'>['messages'][number],
) {
  const before = stream
    .filter((event) => event.name === 'ProtectionPlanned')
    .flatMap(({ data }) => data.recipients);
  return recipientIds.map(
    (id) =>
      before.findLast(({ recipientId }) => recipientId === id) ?? { recipientId: id, method, passedOver: [] },
  );
}
