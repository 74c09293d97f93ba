// SPDX-License-Identifier: Apache-2.0
import { resolve4, resolve6, resolveMx } from 'node:dns/promises';

/** What DNS is asked. */
export interface Dns {
  mx(domain: string): Promise<{ exchange: string; priority: number }[]>;
  addresses(domain: string): Promise<string[]>[];
}

export const systemDns: Dns = {
  mx: resolveMx,
  addresses: (domain) => [resolve6(domain), resolve4(domain)],
};

export type MailHosts =
  | { kind: 'hosts'; hosts: string[] }
  | { kind: 'none'; permanent: boolean; failure: 'host-not-found' | 'null-mx' | 'dns-failed' };

const NOT_FOUND: MailHosts = { kind: 'none', permanent: true, failure: 'host-not-found' };
const FAILED: MailHosts = { kind: 'none', permanent: false, failure: 'dns-failed' };

/** The hosts that take mail for a domain, best first: its MX records, else the domain itself (RFC 5321 §5.1). */
export async function mailHostsOf(domain: string, dns: Dns = systemDns): Promise<MailHosts> {
  let records: { exchange: string; priority: number }[];
  try {
    records = await dns.mx(domain);
  } catch (error) {
    if (codeOf(error) === 'ENOTFOUND') return NOT_FOUND;
    if (codeOf(error) !== 'ENODATA') return FAILED;
    records = [];
  }
  if (records.length === 0) return await itself(domain, dns);
  const named = records.filter(({ exchange }) => exchange !== '' && exchange !== '.');
  // RFC 7505: an MX without a name says that the domain takes no mail; beside others it says nothing.
  if (named.length === 0) return { kind: 'none', permanent: true, failure: 'null-mx' };
  return { kind: 'hosts', hosts: inOrder(named) };
}

/** By priority; of equals in another order each time, so that they share the load. */
function inOrder(records: readonly { exchange: string; priority: number }[]): string[] {
  return records
    .map((record) => ({ ...record, chance: Math.random() }))
    .toSorted((a, b) => a.priority - b.priority || a.chance - b.chance)
    .map(({ exchange }) => exchange);
}

/** A domain without MX records takes mail where it has an address, and does not where DNS says that it has none. */
async function itself(domain: string, dns: Dns): Promise<MailHosts> {
  const lookups = await Promise.allSettled(dns.addresses(domain));
  if (lookups.some((each) => each.status === 'fulfilled' && each.value.length > 0))
    return { kind: 'hosts', hosts: [domain] };
  const saysNone = (each: PromiseSettledResult<string[]>) =>
    each.status === 'fulfilled' || ['ENODATA', 'ENOTFOUND'].includes(codeOf(each.reason) ?? '');
  return lookups.every(saysNone) ? NOT_FOUND : FAILED;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
