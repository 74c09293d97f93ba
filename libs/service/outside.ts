// SPDX-License-Identifier: Apache-2.0
import {
  addressesOf,
  fetchPolicy,
  stsPolicies,
  systemResolver,
  tlsPolicies,
  validatingResolver,
  type DomainTls,
  type Resolver,
  type TlsPolicies,
} from '@securemail/tls-policy';
import { readAuthorities } from './files/authorities.ts';
import type { OutsideSettings } from './settings/outside.ts';
import type { Tenant } from './settings/tenant.ts';

/** The world outside, as the settings have it found. */
export interface Outside {
  policies: TlsPolicies;
  /** What is asked about it; proves something only where `outside.dns` names one that validates. */
  resolver: Resolver;
  /**
   * The addresses of a host, by the resolver that is set; null where none is, and the system is to find them.
   *
   * @throws LookupFailedError
   */
  addressesOf(host: string): Promise<string[] | null>;
}

/** @throws where a file of authorities can not be used. */
export function openOutside({ dns, mtaSts, routes, caFile }: OutsideSettings): Outside {
  const resolver = resolverBy(dns);
  const { port, timeoutSeconds } = mtaSts;
  const ca = readAuthorities('outside.caFile', caFile);
  const sts = stsPolicies({
    resolver,
    fetch: (domain) => fetchPolicy(domain, { resolver, port, ca, timeoutMs: timeoutSeconds * 1_000 }),
  });
  return {
    policies: tlsPolicies({ resolver, sts, routes, caFile }),
    resolver,
    addressesOf: (host) => (dns === undefined ? Promise.resolve(null) : addressesOf(host, resolver)),
  };
}

function resolverBy(dns: OutsideSettings['dns']): Resolver {
  if (dns === undefined) return systemResolver();
  const servers = dns.servers.map(({ address, port, tlsName: name, caFile }) => ({
    address,
    port: port ?? (name === undefined ? 53 : 853),
    tls: name === undefined ? undefined : { name, ca: readAuthorities('outside.dns.servers.caFile', caFile) },
  }));
  return validatingResolver({ servers, timeoutMs: dns.timeoutSeconds * 1_000 });
}

/** How TLS to the mail servers of a domain can be enforced, by what the tenant agreed with it or by what DNS says. */
export function tlsTo(
  domain: string,
  tenant: Pick<Tenant, 'partners'> | undefined,
  policies: TlsPolicies,
): Promise<DomainTls> {
  const partner = tenant?.partners.find((each) => each.domain === domain);
  if (partner === undefined) return policies.of(domain);
  const { tlsNames: names, caFile, mailServers: servers } = partner;
  return policies.of(domain, { names, caFile, servers });
}
