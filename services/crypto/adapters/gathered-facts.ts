// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  type Address,
  type AddressedRecipient,
  type ProtectionMethod,
  type TenantId,
} from '@securemail/contracts';
import type { Platform, Policy } from '@securemail/service';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { Directory } from '../domain/directory.ts';
import { keyOf } from '../domain/entry.ts';
import { factsAtFirst, isOpen, withMethod } from '../domain/facts.ts';
import type { Finding, Method, Surroundings } from '../domain/methods/method.ts';
import { METHODS } from '../domain/methods/methods.ts';
import type { RecipientFacts } from '../domain/plan.ts';
import type { AskFound } from './ask-revocation.ts';
import { gatheredFor } from './gathered-directory.ts';
import type { LdapDirectories } from './ldap-directory.ts';
import type { Bounds, SmimeaRecords } from './smimea-records.ts';
import { tlsFindings, type Asking } from './tls-findings.ts';

/** Where facts are found. */
export interface FactSources {
  platform: Pick<Platform, 'pool' | 'tenants' | 'policies'>;
  /** The folder's directory, as it is now. */
  directory: Directory;
  ldap: LdapDirectories | null;
  smimea: SmimeaRecords | null;
  /** Whether what those two bring was revoked; null: what was said of it before counts. */
  askFound: AskFound | null;
  policies: TlsPolicies;
  /** Epoch in ms: so long others are asked, whoever has not answered; half of it directories of certificates. */
  until: number;
  progressed: () => void;
}

export interface GatheredFacts {
  /** In the order of the recipients. */
  facts: RecipientFacts[];
  /** As it is for these recipients. */
  directory: Directory;
  /** Questions that others have not answered and soon may: the mail can wait for them. */
  unanswered: number;
}

/** Asks others about these; what is not in the answer stays unknown. */
export type Ask = (about: readonly string[], asking: Asking) => Promise<ReadonlyMap<string, Finding>>;

/** By method: who answers what it asks. */
const ASKED: Partial<Record<ProtectionMethod, Ask>> = { tls: tlsFindings };

/** For an organisation that is not in the settings any more. */
const NOTHING_FORBIDDEN: Pick<Policy, 'forbiddenMethods'> = { forbiddenMethods: [] };

/** All that bears on the recipients of a mail: certificates, keys, and for whom those do not do, TLS to their domains. */
export async function gatherFacts(
  { platform, ldap, smimea, askFound, policies, until, progressed, ...sources }: FactSources,
  {
    tenantId,
    mailFrom,
    author,
    recipients,
    wroteInMailbox,
  }: {
    tenantId: TenantId;
    mailFrom: Address;
    /** In whose name it would be signed. */
    author: Address;
    recipients: readonly AddressedRecipient[];
    /** Whose writing in SecureMailBox it answers. */
    wroteInMailbox: readonly Address[];
  },
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
      ...(forbiddenMethods.includes('smime-personal')
        ? NOBODY
        : outsiders({ ldap, smimea }, ownDomains, { until: (Date.now() + until) / 2, progressed })),
    },
    recipients.map(({ address }) => address),
    at,
    askFound,
  );
  const signing = directory.signerFor(author, at) === null ? 'no-signing-key' : null;
  const mailbox = tenant?.mailbox !== undefined;
  const around: Surroundings = {
    ownDomains,
    forbiddenMethods,
    mailbox,
    answeredInMailbox: (address) =>
      mailbox &&
      !forbiddenMethods.includes('mailbox') &&
      !ownDomains.includes(domainOf(address)) &&
      wroteInMailbox.includes(address),
    signing,
    personal: (address) => directory.person(address, at),
    organisation: (domain) => directory.organisation(domain, at),
  };
  const { facts, unanswered } = await lookedAtInTurn(recipients, around, {
    tenant,
    policies,
    until,
    progressed,
  });
  const unknown = recipients.filter(
    ({ address }, index) => signing === null && isUnknown(address, facts[index], directory),
  );
  return { facts, directory, unanswered: unanswered + unknown.length };
}

/** Looks at each method, the strongest first, and asks others only about those whom none before reaches. */
export async function lookedAtInTurn(
  recipients: readonly AddressedRecipient[],
  around: Surroundings,
  asking: Asking,
  { methods, asked }: { methods: readonly Method[]; asked: Partial<Record<ProtectionMethod, Ask>> } = {
    methods: METHODS,
    asked: ASKED,
  },
): Promise<{ facts: RecipientFacts[]; unanswered: number }> {
  let looked = recipients.map((recipient) => ({ recipient, facts: factsAtFirst(recipient) }));
  let unanswered = 0;
  for (const method of methods) {
    const { name, asks } = method;
    const answers = new Map<string, Finding>();
    const ask = around.forbiddenMethods.includes(name) ? undefined : asked[name];
    if (asks !== undefined && ask !== undefined) {
      const open = looked.filter(
        ({ recipient, facts }) => isOpen(facts) && !around.answeredInMailbox(recipient.address),
      );
      const about = [...new Set(open.map(({ recipient }) => asks.about(recipient.address)))];
      for (const [each, finding] of await ask(about, asking)) answers.set(each, finding);
      unanswered += about.filter(
        (each) => !answers.has(each) || answers.get(each) === asks.unanswered,
      ).length;
    }
    // Judging certificates is most of the work, and done once.
    looked = looked.map(({ recipient, facts }) => ({
      recipient,
      facts: withMethod(facts, recipient, method, around, answers),
    }));
  }
  return { facts: looked.map(({ facts }) => facts), unanswered };
}

type Others = Pick<FactSources, 'ldap' | 'smimea'>;

const NOBODY: Others = { ldap: null, smimea: null };

/** Others are asked about nobody whose mail stays inside: that goes whatever they do, and they need not learn of it. */
function outsiders({ ldap, smimea }: Others, ownDomains: readonly string[], bounds: Bounds): Others {
  const isOutside = (address: string) => !ownDomains.includes(address.slice(address.lastIndexOf('@') + 1));
  return {
    ldap: ldap && { lookUp: (addresses) => ldap.lookUp(addresses.filter(isOutside)) },
    smimea: smimea && { lookUp: (addresses) => smimea.lookUp(addresses.filter(isOutside), bounds) },
  };
}

function isUnknown(address: Address, facts: RecipientFacts | undefined, directory: Directory): boolean {
  const of = { kind: 'person' as const, name: address.toLowerCase() };
  return (
    facts?.obstacles['smime-personal'] === 'certificate-lookup-failed' &&
    directory.stored(of).unasked.get(keyOf(of)) === 'dns'
  );
}
