// SPDX-License-Identifier: Apache-2.0
import type { Address, AddressedRecipient, TenantId } from '@securemail/contracts';
import type { Platform, Policy } from '@securemail/service';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { Directory } from '../domain/directory.ts';
import { factsOf, withTls, type Finding } from '../domain/facts.ts';
import { beyondCertificates, type RecipientFacts } from '../domain/plan.ts';
import { gatheredFor } from './gathered-directory.ts';
import type { LdapDirectories } from './ldap-directory.ts';
import { tlsFindings } from './tls-findings.ts';

/** Where facts are found. */
export interface FactSources {
  platform: Pick<Platform, 'pool' | 'tenants' | 'policies'>;
  /** The folder's directory, as it is now. */
  directory: Directory;
  ldap: LdapDirectories | null;
  policies: TlsPolicies;
  progressed: () => void;
}

export interface GatheredFacts {
  /** In the order of the recipients. */
  facts: RecipientFacts[];
  /** As it is for these recipients. */
  directory: Directory;
  tls: ReadonlyMap<string, Finding>;
}

/** For an organisation that is not in the settings any more. */
const NOTHING_FORBIDDEN: Pick<Policy, 'forbiddenMethods'> = { forbiddenMethods: [] };

/** All that bears on the recipients of a mail: certificates, keys, and for whom those do not do, TLS to their domains. */
export async function gatherFacts(
  { platform, ldap, policies, progressed, ...sources }: FactSources,
  {
    tenantId,
    mailFrom,
    recipients,
  }: { tenantId: TenantId; mailFrom: Address; recipients: readonly AddressedRecipient[] },
  at: Date,
): Promise<GatheredFacts> {
  const directory = await gatheredFor(
    { directory: sources.directory, pool: platform.pool, tenantId, ldap },
    recipients.map(({ address }) => address),
    at,
  );
  const tenant = platform.tenants.get(tenantId);
  const signing = directory.signerFor(mailFrom, at) === null ? 'no-signing-key' : null;
  const { forbiddenMethods } =
    tenant === undefined ? NOTHING_FORBIDDEN : platform.policies.of(tenant, mailFrom);
  // Judging certificates is most of the work, and done once.
  const facts = recipients.map((recipient) =>
    factsOf(recipient, {
      ownDomains: tenant?.domains ?? [],
      forbiddenMethods,
      signing,
      personal: (address) => directory.person(address, at),
      organisation: (domain) => directory.organisation(domain, at),
      tls: new Map(),
    }),
  );
  const beyond = beyondCertificates(facts);
  const tls = await tlsFindings(
    recipients.filter(({ recipientId }) => beyond.includes(recipientId)).map(({ address }) => address),
    { tenant, forbidden: forbiddenMethods.includes('tls'), policies, progressed },
  );
  const found = facts.map((each, index) => {
    const recipient = recipients[index];
    return recipient === undefined ? each : withTls(each, recipient, { forbiddenMethods, tls });
  });
  return { facts: found, directory, tls };
}
