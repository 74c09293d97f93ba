// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { resolveMx as dnsMx } from 'node:dns/promises';
import type { Tenant } from '@securemail/service';
import type { DeliverySettings } from '../settings.ts';
import type { NextHop } from './smtp-connection.ts';

/** Where to go, best first; or why there is nowhere. */
export type Routed =
  { kind: 'hops'; hops: NextHop[] } | { kind: 'nowhere'; permanent: boolean; failure: RoutingFailure };
export type RoutingFailure = 'host-not-found' | 'null-mx' | 'dns-failed' | 'authorities-unreadable';

export type ResolveMx = (domain: string) => Promise<{ exchange: string; priority: number }[]>;

/** The tenant's own mail servers: verified TLS or nothing. Authorities are read anew each time, so that they can be replaced. */
export function ownMailServers({ mailServers }: Pick<Tenant, 'mailServers'>): Routed {
  try {
    const hops = mailServers.map(({ host, port, tlsName, caFile }): NextHop => ({
      host,
      port,
      tls: {
        kind: 'verified',
        name: tlsName ?? host,
        ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
      },
    }));
    return { kind: 'hops', hops };
  } catch {
    return { kind: 'nowhere', permanent: false, failure: 'authorities-unreadable' };
  }
}

/** The servers of a recipient's domain: a set route, else MX records, else the domain itself (RFC 5321 §5.1). */
export async function serversOf(
  domain: string,
  routes: DeliverySettings['routes'],
  resolveMx: ResolveMx = dnsMx,
): Promise<Routed> {
  const route = routes.find((each) => each.domain === domain) ?? routes.find((each) => each.domain === '*');
  if (route !== undefined) return { kind: 'hops', hops: [outward(route.host, route.port)] };
  try {
    const records = await resolveMx(domain);
    // RFC 7505: a single MX with an empty name says that the domain takes no mail.
    if (records.length === 1 && ['', '.'].includes(records[0]?.exchange ?? '')) {
      return { kind: 'nowhere', permanent: true, failure: 'null-mx' };
    }
    const ordered = records.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    return {
      kind: 'hops',
      hops: (ordered.length === 0 ? [domain] : ordered).map((host) => outward(host, 25)),
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENODATA') return { kind: 'hops', hops: [outward(domain, 25)] };
    if (code === 'ENOTFOUND') return { kind: 'nowhere', permanent: true, failure: 'host-not-found' };
    return { kind: 'nowhere', permanent: false, failure: 'dns-failed' };
  }
}

const outward = (host: string, port: number): NextHop => ({ host, port, tls: { kind: 'opportunistic' } });
