// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  type Address,
  type AddressedRecipient,
  type Obstacle,
  type ProtectionMethod,
} from '@securemail/contracts';
import type { Lookup } from './directory.ts';
import type { RecipientFacts } from './plan.ts';

/** Something stands in the way, or nothing does. */
export type Finding = Obstacle | null;

export interface Surroundings {
  ownDomains: readonly string[];
  forbiddenMethods: readonly ProtectionMethod[];
  /** Whether anybody can sign for the sender. */
  signing: Finding;
  personal: (address: Address) => Lookup;
  organisation: (domain: string) => Lookup;
  /** By domain, for those whom nothing stronger reaches; nobody has asked for the others. */
  tls: ReadonlyMap<string, Finding>;
}

/** Puts together what bears on one recipient. */
export function factsOf(
  { recipientId, address, disclosed }: AddressedRecipient,
  around: Surroundings,
): RecipientFacts {
  const domain = domainOf(address);
  const personal = around.personal(address);
  const organisation = around.organisation(domain);
  const smime = (method: ProtectionMethod, lookup: Lookup): Finding => {
    if (around.forbiddenMethods.includes(method)) return 'method-forbidden';
    return lookup.ok ? around.signing : lookup.because;
  };
  return {
    recipientId,
    disclosed,
    obstacles: {
      internal: around.ownDomains.includes(domain) ? null : 'not-an-own-domain',
      'smime-personal': smime('smime-personal', personal),
      'smime-domain': smime('smime-domain', organisation),
      tls: tlsObstacle(domain, around),
    },
    envelopes: {
      ...(personal.ok ? { 'smime-personal': personal.envelope } : {}),
      ...(organisation.ok ? { 'smime-domain': organisation.envelope } : {}),
    },
  };
}

/** The same facts once it was found out what stands in the way of TLS; nothing else is judged anew. */
export const withTls = (
  facts: RecipientFacts,
  { address }: Pick<AddressedRecipient, 'address'>,
  around: Pick<Surroundings, 'forbiddenMethods' | 'tls'>,
): RecipientFacts => ({
  ...facts,
  obstacles: { ...facts.obstacles, tls: tlsObstacle(domainOf(address), around) },
});

/** What nobody has asked for is not known to be free. */
function tlsObstacle(
  domain: string,
  { forbiddenMethods, tls }: Pick<Surroundings, 'forbiddenMethods' | 'tls'>,
): Finding {
  if (forbiddenMethods.includes('tls')) return 'method-forbidden';
  const finding = tls.get(domain);
  return finding === undefined ? 'tls-lookup-failed' : finding;
}
