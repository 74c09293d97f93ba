// SPDX-License-Identifier: Apache-2.0
import type { AddressedRecipient, Obstacle, ProtectionMethod } from '@securemail/contracts';
import type { Finding, Method, Surroundings } from './methods/method.ts';
import { METHODS } from './methods/methods.ts';
import type { RecipientFacts } from './plan.ts';

/** Of whom nothing is known yet, so that no method can be taken. */
export const factsAtFirst = ({ recipientId, disclosed }: AddressedRecipient): RecipientFacts => ({
  recipientId,
  disclosed,
  obstacles: {},
  envelopes: {},
});

/** Whom none of the methods reaches that were looked at so far. */
export const isOpen = ({ obstacles }: RecipientFacts): boolean => !Object.values(obstacles).includes(null);

/** Whether others were asked about a method that was passed over, and have not answered. */
export const isUnanswered = ({ method, because }: { method: ProtectionMethod; because: Obstacle }): boolean =>
  METHODS.find(({ name }) => name === method)?.asks?.unanswered === because;

/**
 * The same facts once a method was looked at, too.
 *
 * @param answers what others said, by what they were asked about; who was not asked about is not known to be free.
 */
export function withMethod(
  facts: RecipientFacts,
  { address }: Pick<AddressedRecipient, 'address'>,
  method: Method,
  around: Surroundings,
  answers: ReadonlyMap<string, Finding>,
): RecipientFacts {
  const { name, asks } = method;
  const found = (obstacle: Finding): RecipientFacts => ({
    ...facts,
    obstacles: { ...facts.obstacles, [name]: obstacle },
  });
  if (around.forbiddenMethods.includes(name)) return found('method-forbidden');
  const elsewhere = name !== 'mailbox' && around.answeredInMailbox(address);
  if (elsewhere && asks !== undefined) return found('written-in-mailbox');
  const answer = asks === undefined ? null : answers.get(asks.about(address));
  if (asks !== undefined && answer === undefined) return found(asks.unanswered);
  const { obstacle, envelope } = method.judge(address, around, answer ?? null, facts.obstacles);
  if (elsewhere) return found(obstacle ?? 'written-in-mailbox');
  return envelope === undefined
    ? found(obstacle)
    : { ...found(obstacle), envelopes: { ...facts.envelopes, [name]: envelope } };
}
