// SPDX-License-Identifier: Apache-2.0
import {
  PROTECTION_METHODS,
  protectedMessageId,
  type NewEvent,
  type Obstacle,
  type ProtectedMessageId,
  type ProtectionMethod,
  type RecipientId,
} from '@securemail/contracts';
import type { EnvelopeKind } from '@securemail/smime';

/** What is known of one recipient: for each method, the way is free or something stands in it. */
export interface RecipientFacts {
  recipientId: RecipientId;
  /** Named to the other recipients by the header; a blind copy is not. */
  disclosed: boolean;
  obstacles: Record<ProtectionMethod, Obstacle | null>;
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
 */
export function plan(facts: readonly RecipientFacts[], planned = 0): Plan {
  const chosen = facts.map((recipient) => ({ ...recipient, method: strongest(recipient) }));
  const shares = PROTECTION_METHODS.flatMap((method) => {
    const taking = chosen.filter((recipient) => recipient.method === method);
    return [...Map.groupBy(taking, (recipient) => shareOf(recipient, method)).values()].map((group) => ({
      method,
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
          passedOver: passedOver(recipient),
        })),
      },
      personal: null,
    },
    held: holdings(chosen.filter(({ method }) => method === null)),
  };
}

/** The recipients whom nothing reaches that is stronger than enforced TLS. */
export const beyondCertificates = (facts: readonly RecipientFacts[]): RecipientId[] =>
  facts
    .filter((recipient) => {
      const method = strongest(recipient);
      return method === null || method === 'tls';
    })
    .map(({ recipientId }) => recipientId);

/** The strongest method in whose way nothing stands; null where there is none. */
export const strongest = ({ obstacles }: RecipientFacts): ProtectionMethod | null =>
  PROTECTION_METHODS.find((method) => obstacles[method] === null) ?? null;

/** Recipients of one method with the same share a message; null where nothing keeps them apart. */
function shareOf({ recipientId, disclosed, envelopes }: RecipientFacts, method: ProtectionMethod) {
  if (method === 'internal') return null;
  return disclosed ? (envelopes[method] ?? null) : recipientId;
}

/** The methods that are stronger than the one that is taken, and what stands in the way of each. */
export function passedOver({ obstacles, method }: RecipientFacts & { method: ProtectionMethod | null }) {
  const stronger =
    method === null ? PROTECTION_METHODS : PROTECTION_METHODS.slice(0, PROTECTION_METHODS.indexOf(method));
  return stronger.flatMap((each) => {
    const because = obstacles[each];
    return because === null ? [] : [{ method: each, because }];
  });
}

/** One event for each reason. */
function holdings(recipients: readonly RecipientFacts[]): NewEvent<'EmailHeld'>[] {
  const byReason = Map.groupBy(recipients, reasonToHold);
  return [...byReason].map(([because, group]) => ({
    name: 'EmailHeld',
    data: { recipientIds: group.map(({ recipientId }) => recipientId), because },
    personal: null,
  }));
}

/**
 * The one thing that would help: another address, a certificate that is there and can't be used, a missing key, DNS that
 * answers; else nothing exists at all.
 */
function reasonToHold({ obstacles }: RecipientFacts): Obstacle {
  if (obstacles.tls === 'domain-not-found') return obstacles.tls;
  // DNS knows neither, and that it answers again is the one thing that would help.
  if (obstacles.tls === 'tls-lookup-failed' && obstacles['smime-personal'] === 'certificate-lookup-failed')
    return obstacles.tls;
  const telling = [obstacles['smime-personal'], obstacles['smime-domain']].filter(
    (because) => because !== null && because !== 'no-certificate' && because !== 'method-forbidden',
  );
  return telling[0] ?? (obstacles.tls === 'tls-lookup-failed' ? obstacles.tls : 'no-secure-method');
}

/** What becomes of the recipients of a message that could not be made. */
export function failed(message: Planned, because: Obstacle): NewEvent[] {
  const { protectedMessageId: id, recipientIds } = message;
  return [
    { name: 'ProtectionFailed', data: { protectedMessageId: id, recipientIds, because }, personal: null },
    { name: 'EmailHeld', data: { recipientIds, because }, personal: null },
  ];
}
