// SPDX-License-Identifier: Apache-2.0
import {
  authoritiesIn,
  tlsTo,
  type Outside,
  type OutsideSettings,
  type OwnServers,
  type Tenant,
} from '@securemail/service';
import {
  appliedPolicy,
  LookupFailedError,
  routeOf,
  type DomainTls,
  type HostOfDomain,
  type RequiredTls,
  type TlsPolicyKind,
} from '@securemail/tls-policy';
import type { HopTls, NextHop } from './smtp-connection.ts';
import type { Counted } from './tls-sessions.ts';

/** Where to go, best first; or why there is nowhere. */
export type Routed = { kind: 'hops'; hops: NextHop[] } | Nowhere;
export interface Nowhere {
  kind: 'nowhere';
  permanent: boolean;
  failure: RoutingFailure;
  /** As what it is counted that the policy of the domain leads nowhere. */
  counted?: Counted;
}
export type RoutingFailure =
  | 'host-not-found'
  | 'null-mx'
  | 'dns-failed'
  | 'authorities-unreadable'
  | 'route-unknown'
  /** The domain has no way any more to prove who its servers are, and the mail demands it. */
  | 'tls-not-enforceable'
  | 'tls-lookup-failed';

/** Own mail servers: verified TLS or nothing. Authorities that were replaced count from then on. */
export async function ownMailServers(own: OwnServers | null): Promise<Routed> {
  // A route that was taken out of the settings while mail waited for it; nobody else is asked to take that.
  if (own === null) return nowhere('route-unknown');
  const { servers, headers, clientCertificate } = own;
  try {
    const hops = servers.map(async ({ host, port, tlsName, caFile }): Promise<NextHop> => {
      const ca = caFile === undefined ? undefined : await authoritiesIn(caFile);
      const tls: HopTls = { kind: 'verified', names: [tlsName ?? host], ca, policy: null };
      return {
        host,
        port,
        tls: clientCertificate === undefined ? tls : { ...tls, clientCertificate },
        ...(headers === undefined || Object.keys(headers).length === 0 ? {} : { headers }),
      };
    });
    return { kind: 'hops', hops: await Promise.all(hops) };
  } catch {
    return nowhere('authorities-unreadable');
  }
}

export interface Surroundings {
  routes: OutsideSettings['routes'];
  outside: Pick<Outside, 'policies' | 'addressesOf'>;
  tenant: Pick<Tenant, 'partners'> | undefined;
}

/**
 * The servers of a recipient's domain.
 *
 * @param mustVerify the mail is not encrypted itself: it goes to servers that prove who they are, or stays. What is
 *   encrypted is held to what a domain demands (RFC 7672, RFC 8461), and goes by opportunistic TLS where it demands nothing.
 */
export async function serversOf(
  domain: string,
  mustVerify: boolean,
  { routes, outside, tenant }: Surroundings,
): Promise<Routed> {
  const route = routeOf(domain, routes);
  const agreed = tenant?.partners.some((partner) => partner.domain === domain) === true;
  // Who set the route answers for it, and nobody is asked what else the domain would want.
  if (route !== undefined && !mustVerify && !agreed) return await hopsTo([opportunistic(route)], outside);
  const tls = await tlsTo(domain, tenant, outside.policies);
  const routed = tls.kind === 'enforceable' ? await enforced(tls) : await otherwise(tls, mustVerify);
  // A relay for all is no server of that domain, and what was agreed is no policy that it publishes.
  const isTheirs = !agreed && (route === undefined || route.domain === domain);
  const counting = (host: HostOfDomain | null): { counted?: Counted } => {
    const policy = isTheirs ? appliedPolicy(tls, host) : null;
    return policy === null ? {} : { counted: { domain, policy } };
  };
  if (routed.kind === 'nowhere')
    return POLICY_FAILURES.has(routed.failure) ? { ...routed, ...counting(null) } : routed;
  const hosts = 'hosts' in tls ? tls.hosts : [];
  const hops = routed.hops.map((hop, index) => ({ ...hop, ...counting(hosts[index] ?? null) }));
  return await hopsTo(hops, outside);
}

const POLICY_FAILURES: ReadonlySet<RoutingFailure> = new Set(['tls-not-enforceable', 'tls-lookup-failed']);

const nowhere = (failure: RoutingFailure, permanent = false): Nowhere => ({
  kind: 'nowhere',
  permanent,
  failure,
});

const opportunistic = ({ host, port, mustEncrypt = false }: HostOfDomain): NextHop => ({
  host,
  port,
  tls: mustEncrypt ? { kind: 'opportunistic', required: true } : { kind: 'opportunistic' },
});

async function enforced({ hosts, by }: Extract<DomainTls, { kind: 'enforceable' }>): Promise<Routed> {
  try {
    const hops = hosts.map(async ({ host, port, tls }) => ({ host, port, tls: await hopTls(tls, by) }));
    return { kind: 'hops', hops: await Promise.all(hops) };
  } catch {
    return nowhere('authorities-unreadable');
  }
}

async function hopTls(tls: RequiredTls, policy: TlsPolicyKind): Promise<HopTls> {
  if (tls.kind === 'dane') return tls;
  const ca = tls.caFile === undefined ? undefined : await authoritiesIn(tls.caFile);
  return { kind: 'verified', names: tls.names, ca, policy };
}

async function otherwise(
  tls: Exclude<DomainTls, { kind: 'enforceable' }>,
  mustVerify: boolean,
): Promise<Routed> {
  switch (tls.kind) {
    case 'no-mail':
      return nowhere(tls.because, true);
    case 'not-enforceable':
      if (mustVerify || tls.hosts.length === 0) return nowhere('tls-not-enforceable');
      return { kind: 'hops', hops: await judged(tls.hosts.map(opportunistic), tls.sts?.caFile) };
    case 'lookup-failed':
      if (tls.what === 'mx') return nowhere('dns-failed');
      if (mustVerify || tls.hosts.length === 0) return nowhere('tls-lookup-failed');
      return { kind: 'hops', hops: tls.hosts.map(opportunistic) };
    default:
      return tls satisfies never;
  }
}

/** Where a policy is tried out, certificates are judged as if it counted, and nothing comes of it but a report. */
async function judged(hops: NextHop[], caFile: string | undefined): Promise<NextHop[]> {
  if (caFile === undefined) return hops;
  const ca = await authoritiesIn(caFile).catch(() => null);
  if (ca === null) return hops;
  return hops.map((hop) => (hop.tls.kind === 'opportunistic' ? { ...hop, tls: { ...hop.tls, ca } } : hop));
}

async function hopsTo(hosts: readonly NextHop[], outside: Surroundings['outside']): Promise<Routed> {
  const { hops, failed } = await withAddresses(hosts, outside);
  if (hops.length > 0) return { kind: 'hops', hops };
  return failed ? nowhere('dns-failed') : nowhere('host-not-found', true);
}

/**
 * Each address of each host is one to try (RFC 5321 §5.1). Where no resolver is set, the system finds them.
 *
 * @returns `failed`: nobody knows the addresses of some host.
 */
export async function withAddresses(
  hosts: readonly NextHop[],
  { addressesOf }: Pick<Outside, 'addressesOf'>,
): Promise<{ hops: NextHop[]; failed: boolean }> {
  let failed = false;
  const hops: NextHop[] = [];
  for (const hop of hosts) {
    try {
      const addresses = await addressesOf(hop.host);
      hops.push(...(addresses === null ? [hop] : addresses.map((address) => ({ ...hop, address }))));
    } catch (error) {
      if (!(error instanceof LookupFailedError)) throw error;
      failed = true;
    }
  }
  return { hops, failed };
}
