// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type AddressedRecipient, type TenantId } from '@securemail/contracts';
import type { Platform, Policy } from '@securemail/service';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { Directory } from '../domain/directory.ts';
import { keyOf } from '../domain/entry.ts';
import { factsOf, withTls, type Finding } from '../domain/facts.ts';
import { beyondCertificates, type RecipientFacts } from '../domain/plan.ts';
import { gatheredFor } from './gathered-directory.ts';
import type { LdapDirectories } from './ldap-directory.ts';
import type { SmimeaRecords } from './smimea-records.ts';
import { tlsFindings } from './tls-findings.ts';

/** Where facts are found. */
export interface FactSources {
  platform: Pick<Platform, 'pool' | 'tenants' | 'policies'>;
  /** The folder's directory, as it is now. */
  directory: Directory;
  ldap: LdapDirectories | null;
  smimea: SmimeaRecords | null;
  policies: TlsPolicies;
  progressed: () => void;
}

export interface GatheredFacts {
  /** In the order of the recipients. */
  facts: RecipientFacts[];
  /** As it is for these recipients. */
  directory: Directory;
  tls: ReadonlyMap<string, Finding>;
  /** Recipients who may have a certificate that nothing stronger stands in for; DNS, which knows it, failed. */
  certificatesUnknown: number;
}

/** For an organisation that is not in the settings any more. */
const NOTHING_FORBIDDEN: Pick<Policy, 'forbiddenMethods'> = { forbiddenMethods: [] };

/** All that bears on the recipients of a mail: certificates, keys, and for whom those do not do, TLS to their domains. */
export async function gatherFacts(
  { platform, ldap, smimea, policies, progressed, ...sources }: FactSources,
  {
    tenantId,
    mailFrom,
    recipients,
  }: { tenantId: TenantId; mailFrom: Address; recipients: readonly AddressedRecipient[] },
  at: Date,
): Promise<GatheredFacts> {
  const tenant = platform.tenants.get(tenantId);
  const ownDomains = tenant?.domains ?? [];
  const { forbiddenMethods } =
    tenant === undefined ? NOTHING_FORBIDDEN : platform.policies.of(tenant, mailFrom);
  const directory = await gatheredFor(
    {
      directory: sources.directory,
      pool: platform.pool,
      tenantId,
      ldap,
      smimea: forbiddenMethods.includes('smime-personal') ? null : outsiders(smimea, ownDomains),
    },
    recipients.map(({ address }) => address),
    at,
  );
  const signing = directory.signerFor(mailFrom, at) === null ? 'no-signing-key' : null;
  // Judging certificates is most of the work, and done once.
  const facts = recipients.map((recipient) =>
    factsOf(recipient, {
      ownDomains,
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
  const unknown = recipients.filter(
    ({ address }, index) => signing === null && isUnknown(address, facts[index], directory),
  );
  return { facts: found, directory, tls, certificatesUnknown: unknown.length };
}

/** DNS is asked about nobody whose mail stays inside: that goes whatever DNS does. */
const outsiders = (smimea: SmimeaRecords | null, ownDomains: readonly string[]): SmimeaRecords | null =>
  smimea && {
    lookUp: (addresses) => smimea.lookUp(addresses.filter((each) => !ownDomains.includes(domainOf(each)))),
  };

function isUnknown(address: Address, facts: RecipientFacts | undefined, directory: Directory): boolean {
  const of = { kind: 'person' as const, name: address.toLowerCase() };
  return (
    facts?.obstacles['smime-personal'] === 'certificate-lookup-failed' &&
    directory.stored(of).unasked.get(keyOf(of)) === 'dns'
  );
}
