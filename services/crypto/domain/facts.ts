// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  type Address,
  type AddressedRecipient,
  type Obstacle,
  type ProtectionMethod,
} from '@securemail/contracts';
import type { RecipientFacts } from './plan.ts';

/** What the directory knows: something stands in the way, or nothing does. */
export type Finding = Obstacle | null;

export interface Surroundings {
  ownDomains: readonly string[];
  forbiddenMethods: readonly ProtectionMethod[];
  /** Whether anybody can sign for the sender. */
  signing: Finding;
  personal: (address: Address) => Finding;
  organisation: (domain: string) => Finding;
}

/** Puts together what bears on one recipient. */
export function factsOf(
  { recipientId, address, disclosed }: AddressedRecipient,
  around: Surroundings,
): RecipientFacts {
  const domain = domainOf(address);
  const smime = (method: ProtectionMethod, certificate: Finding): Finding =>
    around.forbiddenMethods.includes(method) ? 'method-forbidden' : (certificate ?? around.signing);
  return {
    recipientId,
    disclosed,
    obstacles: {
      internal: around.ownDomains.includes(domain) ? null : 'not-an-own-domain',
      'smime-personal': smime('smime-personal', around.personal(address)),
      'smime-domain': smime('smime-domain', around.organisation(domain)),
    },
  };
}
