// SPDX-License-Identifier: Apache-2.0
import {
  protectedMessageId,
  type HoldReason,
  type NewEvent,
  type Obstacle,
  type ProtectedMessageId,
  type ProtectionMethod,
  type RecipientId,
} from '@securemail/contracts';
import type { EnvelopeKind } from '@securemail/smime';
import type { Method, Obstacles } from './methods/method.ts';
import { METHODS } from './methods/methods.ts';

/** What is known of one recipient. */
export interface RecipientFacts {
  recipientId: RecipientId;
  /** Named to the other recipients by the header; a blind copy is not. */
  disclosed: boolean;
  /** For each method that was looked at: its way is free (null), or something stands in it. */
  obstacles: Obstacles;
  /** For each method that makes an envelope: who has the same can share it, as all of them read it. */
  envelopes: Partial<Record<ProtectionMethod, EnvelopeKind>>;
}

export interface Planned {
  protectedMessageId: ProtectedMessageId;
  method: ProtectionMethod;
  recipientIds: RecipientId[];
}

export interface Plan {
  planned: NewEvent<'ProtectionPlanned'>;
  messages: readonly Planned[];
  /** Recipients for whom nothing safe exists; kept until somebody decides. */
  held: readonly NewEvent<'EmailHeld'>[];
}

/**
 * For each recipient the strongest method in whose way nothing stands. Recipients of one method share a message where
 * one envelope suits them; a blind copy never does, since the recipients' keys in an S/MIME message name whom it is for.
 *
 * @param planned how many protected messages of the email were planned before.
 * @param methods every method there is, strongest first.
 */
export function plan(
  facts: readonly RecipientFacts[],
  planned = 0,
  methods: readonly Method[] = METHODS,
): Plan {
  const chosen = facts.map((recipient) => ({ ...recipient, method: strongest(recipient, methods) }));
  const shares = methods.flatMap((method) => {
    const taking = chosen.filter((recipient) => recipient.method === method.name);
    return [...Map.groupBy(taking, (recipient) => shareOf(recipient, method)).values()].map((group) => ({
      method: method.name,
      recipientIds: group.map(({ recipientId }) => recipientId),
    }));
  });
  const messages = shares.map((share, index) => ({
    protectedMessageId: protectedMessageId(planned + index + 1),
    ...share,
  }));
  return {
    messages,
    planned: {
      name: 'ProtectionPlanned',
      data: {
        messages,
        recipients: chosen.map((recipient) => ({
          recipientId: recipient.recipientId,
          method: recipient.method,
          passedOver: passedOver(recipient, methods),
        })),
      },
      personal: null,
    },
    held: holdings(
      chosen.filter(({ method }) => method === null),
      methods,
    ),
  };
}

/** The strongest method in whose way nothing stands; null where there is none. One that nobody has looked at is not free. */
export const strongest = (
  { obstacles }: RecipientFacts,
  methods: readonly Method[] = METHODS,
): ProtectionMethod | null => methods.find(({ name }) => obstacles[name] === null)?.name ?? null;

/** Recipients of one method with the same share a message; null where nothing keeps them apart. */
const shareOf = ({ recipientId, disclosed, envelopes }: RecipientFacts, { name, namesRecipients }: Method) =>
  namesRecipients && !disclosed ? recipientId : (envelopes[name] ?? null);

/** The methods that are stronger than the one that is taken, and what stands in the way of each. */
export function passedOver(
  { obstacles, method }: RecipientFacts & { method: ProtectionMethod | null },
  methods: readonly Method[] = METHODS,
) {
  const taken = methods.findIndex(({ name }) => name === method);
  return methods.slice(0, taken === -1 ? undefined : taken).flatMap(({ name }) => {
    const because = obstacles[name];
    return because == null ? [] : [{ method: name, because }];
  });
}

/** One event for each reason. */
function holdings(
  recipients: readonly RecipientFacts[],
  methods: readonly Method[],
): NewEvent<'EmailHeld'>[] {
  const byReason = Map.groupBy(recipients, (recipient) => reasonToHold(recipient, methods));
  return [...byReason].map(([because, group]) => ({
    name: 'EmailHeld',
    data: { recipientIds: group.map(({ recipientId }) => recipientId), because, endsAt: null },
    personal: null,
  }));
}

/** The one thing that would help, as the methods tell it; else nothing exists at all, or all of it is forbidden. */
export function reasonToHold(
  { obstacles }: RecipientFacts,
  methods: readonly Method[] = METHODS,
): HoldReason & Obstacle {
  const told = methods.flatMap(({ name, tells }) => {
    const obstacle = obstacles[name];
    return obstacle == null || obstacle === 'method-forbidden' || obstacle === 'written-in-mailbox'
      ? []
      : [{ obstacle, telling: tells(obstacle, obstacles) }];
  });
  const most = (['first', 'then', 'last'] as const).map((each) =>
    told.find(({ telling }) => telling === each),
  );
  return most.find((each) => each !== undefined)?.obstacle ?? 'no-secure-method';
}

/** What becomes of the recipients of a message that could not be made. */
export function failed(
  message: Planned,
  because: NewEvent<'ProtectionFailed'>['data']['because'],
): NewEvent[] {
  const { protectedMessageId: id, recipientIds } = message;
  return [
    { name: 'ProtectionFailed', data: { protectedMessageId: id, recipientIds, because }, personal: null },
    { name: 'EmailHeld', data: { recipientIds, because, endsAt: null }, personal: null },
  ];
}
