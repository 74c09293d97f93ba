// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import { LRUCache } from 'lru-cache';
import { validateMx } from 'mailauth/lib/mta-sts.js';
import { daneOf, type DaneOfHost } from './dane/dane-hosts.ts';
import type { Tlsa } from './dane/tlsa.ts';
import type { Resolver } from './dns/resolver.ts';
import { mailServersOf, type MailServer } from './mail-servers.ts';
import type { StsPolicy } from './mta-sts/fetch-policy.ts';
import type { StsFault } from './mta-sts/sts-fault.ts';
import type { StsPolicies } from './mta-sts/sts-policies.ts';

/** By what it is known how a domain's servers prove who they are. */
export type TlsPolicyKind = 'pinned' | 'dane' | 'mta-sts';

/** What a server has to prove before it is given anything. */
export type RequiredTls =
  /** By its TLSA records (`judgeDane`). */
  | { kind: 'dane'; name: string; names: readonly string[]; tlsa: readonly Tlsa[] }
  /** By a chain to an authority that is trusted, and one of the names. */
  | { kind: 'verified'; names: readonly string[]; caFile?: string | undefined };

export interface HostOfDomain {
  host: string;
  port: number;
  /** What goes there goes in TLS, whoever is at the other end. */
  mustEncrypt?: boolean;
}

/** The MTA-STS policy that was found, and the authorities that its servers are trusted by. */
export interface FoundSts {
  policy: StsPolicy;
  caFile?: string | undefined;
}

export type DomainTls =
  | {
      kind: 'enforceable';
      by: TlsPolicyKind;
      hosts: readonly (HostOfDomain & { tls: RequiredTls })[];
      sts?: FoundSts;
    }
  | {
      kind: 'not-enforceable';
      because: 'no-policy' | 'policy-testing' | 'no-host-in-policy' | 'tlsa-unusable';
      /** Where mail may go all the same that needs no protection on its way; empty where the domain forbids it. */
      hosts: readonly HostOfDomain[];
      sts?: FoundSts;
      /** What is wrong with an MTA-STS policy that counts as none. */
      fault?: StsFault;
    }
  /** The domain takes no mail, and says so. */
  | { kind: 'no-mail'; because: 'host-not-found' | 'null-mx' }
  /** Nobody knows now. `hosts` as above. */
  | {
      kind: 'lookup-failed';
      what: 'mx' | 'tlsa' | 'mta-sts';
      hosts: readonly HostOfDomain[];
      /** There is an MTA-STS policy, which could not be had. */
      fault?: StsFault;
    };

/** What was agreed with a partner: how its servers prove who they are, and perhaps where they are. */
export interface Pin {
  names: readonly string[];
  caFile?: string | undefined;
  /** In place of what DNS says. */
  servers?: readonly HostOfDomain[] | undefined;
}

export interface TlsPoliciesOptions {
  resolver: Resolver;
  sts: StsPolicies;
  /** Next hops that stand in place of MX records, by domain; `*` for every other one. */
  routes?: readonly { domain: string; host: string; port: number }[];
  /** PEM file of the authorities that a server under an MTA-STS policy is trusted by. @default the system's */
  caFile?: string | undefined;
  /** How long an answer is used again, milliseconds. @default 300000 */
  rememberMs?: number;
}

export interface TlsPolicies {
  /** How TLS to the servers of a domain can be enforced, or why it can't. Never throws over what others serve. */
  of(domain: string, pin?: Pin | null): Promise<DomainTls>;
}

/**
 * Tells for a domain by what TLS to its mail servers can be enforced: what was agreed (a pin), else DANE (RFC 7672),
 * else MTA-STS in the mode `enforce` (RFC 8461), which DANE goes before (§2).
 */
export function tlsPolicies({
  resolver,
  sts: policies,
  routes = [],
  caFile,
  rememberMs = 300_000,
}: TlsPoliciesOptions): TlsPolicies {
  const remembered = new LRUCache<string, Promise<DomainTls>>({ max: 10_000, ttl: rememberMs });

  const find = async (domain: string): Promise<DomainTls> => {
    const route = routeOf(domain, routes);
    // A relay for every domain is nobody's own. What it proves says nothing of the way behind it, so its TLSA records
    // enforce nothing; a policy of the domain that names it does.
    if (route?.domain === '*') return await bySts([{ ...at(route), secure: false }], domain, true);
    const found =
      route === undefined
        ? await mailServersOf(domain, resolver)
        : // What the operator wrote down needs no proof.
          { kind: 'servers' as const, servers: [{ ...at(route), secure: true }] };
    if (found.kind === 'no-mail') return found;
    if (found.kind === 'failed') return { kind: 'lookup-failed', what: 'mx', hosts: [] };
    return await byDane(found.servers, domain, route !== undefined);
  };

  /** By DANE where it says something of a server; those of which it says nothing are left to MTA-STS. */
  const byDane = async (
    servers: readonly MailServer[],
    domain: string,
    routed: boolean,
  ): Promise<DomainTls> => {
    const judged = await Promise.all(
      servers.map(async (server) => ({ server, dane: await daneOf(server, domain, resolver) })),
    );
    const hosts = judged.flatMap(({ server, dane }) => (isDane(dane) ? [{ ...at(server), tls: dane }] : []));
    if (hosts.length > 0) return { kind: 'enforceable', by: 'dane', hosts };
    const of = (kind: DaneOfHost['kind']) =>
      judged.filter(({ dane }) => dane.kind === kind).map(({ server }) => server);
    const [others, unusable, failed] = [of('none'), of('unusable'), of('failed')];
    if (unusable.length + failed.length === 0) return await bySts(others, domain, routed);
    const bySilent = others.length === 0 ? null : await bySts(others, domain, routed);
    if (bySilent?.kind === 'enforceable') return bySilent;
    const silent = bySilent !== null && 'hosts' in bySilent ? bySilent.hosts : [];
    // It owes TLS, although nobody can tell whose it is (RFC 7672 §2.2).
    const encrypting = unusable.map((server) => ({ ...at(server), mustEncrypt: true }));
    const allowed =
      bySilent?.kind === 'not-enforceable' && silent.length === 0 ? [] : [...silent, ...encrypting];
    return failed.length > 0
      ? { kind: 'lookup-failed', what: 'tlsa', hosts: allowed }
      : { kind: 'not-enforceable', because: 'tlsa-unusable', hosts: allowed };
  };

  const bySts = async (
    servers: readonly MailServer[],
    domain: string,
    routed: boolean,
  ): Promise<DomainTls> => {
    const hosts = servers.map(at);
    const found = await policies.of(domain);
    if (found.kind !== 'policy') {
      const fault = found.fault === undefined ? {} : { fault: found.fault };
      return found.kind === 'failed'
        ? { kind: 'lookup-failed', what: 'mta-sts', hosts, ...fault }
        : { kind: 'not-enforceable', because: 'no-policy', hosts, ...fault };
    }
    if (found.policy.mode === 'none') return { kind: 'not-enforceable', because: 'no-policy', hosts };
    const { mode, mx } = found.policy;
    const sts = { policy: found.policy, caFile };
    if (mode === 'testing') return { kind: 'not-enforceable', because: 'policy-testing', hosts, sts };
    const inPolicy = hosts.filter(({ host }) => validateMx(host, { mode, mx: [...mx] }).valid);
    if (inPolicy.length === 0) {
      // Whoever set a route answers for it; by MX records nothing goes past the policy (RFC 8461 §5).
      return { kind: 'not-enforceable', because: 'no-host-in-policy', hosts: routed ? hosts : [], sts };
    }
    return {
      kind: 'enforceable',
      by: 'mta-sts',
      sts,
      hosts: inPolicy.map((each) => ({ ...each, tls: { kind: 'verified', names: [each.host], caFile } })),
    };
  };

  const pinned = async (domain: string, { names, caFile, servers }: Pin): Promise<DomainTls> => {
    const tls = { kind: 'verified' as const, names, caFile };
    const route = routes.find((each) => each.domain === domain);
    const set = servers ?? (route === undefined ? undefined : [at(route)]);
    if (set !== undefined)
      return { kind: 'enforceable', by: 'pinned', hosts: set.map((each) => ({ ...each, tls })) };
    const found = await mailServersOf(domain, resolver);
    if (found.kind === 'no-mail') return found;
    if (found.kind === 'failed') return { kind: 'lookup-failed', what: 'mx', hosts: [] };
    return {
      kind: 'enforceable',
      by: 'pinned',
      hosts: found.servers.map((each) => ({ ...at(each), tls })),
    };
  };

  /** Many mails to one domain ask once; what could not be found out is asked again soon. */
  const recalled = (key: string, ask: () => Promise<DomainTls>): Promise<DomainTls> => {
    const former = remembered.get(key);
    if (former !== undefined) return former;
    const asked = ask();
    remembered.set(key, asked);
    asked.then(
      ({ kind }) => {
        if (kind === 'lookup-failed') remembered.set(key, asked, { ttl: FAILED_FOR_MS });
      },
      // Who asked is told; nobody else is, and the next one asks anew.
      () => remembered.delete(key),
    );
    return asked;
  };

  return {
    of(written, pin = null) {
      const domain = domainToASCII(written);
      if (domain === '') return Promise.resolve({ kind: 'no-mail', because: 'host-not-found' });
      const key = pin === null ? domain : `${domain} ${JSON.stringify(pin)}`;
      return recalled(key, () => withinTime(pin === null ? find(domain) : pinned(domain, pin), LONGEST_MS));
    },
  };
}

/** The route of a domain: its own, else that of all without one. */
export const routeOf = <Route extends { domain: string }>(
  domain: string,
  routes: readonly Route[],
): Route | undefined =>
  routes.find((each) => each.domain === domain) ?? routes.find((each) => each.domain === '*');

/** Whatever servers of others think of: an answer that never comes would be remembered, too. */
const LONGEST_MS = 60_000;

/** What is found out by then; else that nobody knows. The question goes on. */
function withinTime(found: Promise<DomainTls>, ms: number): Promise<DomainTls> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve({ kind: 'lookup-failed', what: 'mx', hosts: [] });
    }, ms);
    found.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/** Shorter than any retry that somebody waits for, and long enough that a broken domain is not asked for each mail. */
const FAILED_FOR_MS = 15_000;

const at = ({ host, port }: HostOfDomain): HostOfDomain => ({ host, port });
const isDane = (dane: DaneOfHost): dane is Extract<DaneOfHost, { kind: 'dane' }> => dane.kind === 'dane';
