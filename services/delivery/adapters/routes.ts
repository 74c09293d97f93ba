// SPDX-License-Identifier: Apache-2.0
import type { Tenant } from '@securemail/service';
import type { DeliverySettings } from '../settings.ts';
import { authoritiesIn } from './authorities.ts';
import { mailHostsOf, systemDns, type Dns } from './mail-hosts.ts';
import type { NextHop } from './smtp-connection.ts';

/** Where to go, best first; or why there is nowhere. */
export type Routed =
  { kind: 'hops'; hops: NextHop[] } | { kind: 'nowhere'; permanent: boolean; failure: RoutingFailure };
export type RoutingFailure = 'host-not-found' | 'null-mx' | 'dns-failed' | 'authorities-unreadable';

/** The tenant's own mail servers: verified TLS or nothing. Authorities that were replaced count from then on. */
export async function ownMailServers({ mailServers }: Pick<Tenant, 'mailServers'>): Promise<Routed> {
  try {
    const hops = mailServers.map(async ({ host, port, tlsName, caFile }): Promise<NextHop> => {
      const ca = caFile === undefined ? undefined : await authoritiesIn(caFile);
      return { host, port, tls: { kind: 'verified', name: tlsName ?? host, ca } };
    });
    return { kind: 'hops', hops: await Promise.all(hops) };
  } catch {
    return { kind: 'nowhere', permanent: false, failure: 'authorities-unreadable' };
  }
}

/** The servers of a recipient's domain: a set route, else what DNS says. */
export async function serversOf(
  domain: string,
  routes: DeliverySettings['routes'],
  dns: Dns = systemDns,
): Promise<Routed> {
  const route = routes.find((each) => each.domain === domain) ?? routes.find((each) => each.domain === '*');
  if (route !== undefined) return { kind: 'hops', hops: [outward(route.host, route.port)] };
  const found = await mailHostsOf(domain, dns);
  if (found.kind === 'hosts') return { kind: 'hops', hops: found.hosts.map((host) => outward(host, 25)) };
  return { ...found, kind: 'nowhere' };
}

const outward = (host: string, port: number): NextHop => ({ host, port, tls: { kind: 'opportunistic' } });
