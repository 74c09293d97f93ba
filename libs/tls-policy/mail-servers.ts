// SPDX-License-Identifier: Apache-2.0
import { LookupFailedError, type Resolver } from './dns/resolver.ts';

/** A server that takes mail for a domain, and whether DNSSEC proves that it does. */
export interface MailServer {
  host: string;
  port: number;
  secure: boolean;
}

export type MailServers =
  | { kind: 'servers'; servers: MailServer[] }
  | { kind: 'no-mail'; because: 'host-not-found' | 'null-mx' }
  | { kind: 'failed' };

/** A host name as it may stand in DNS; nothing else is connected to. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** The hosts that take mail for a domain, best first: its MX records, else the domain itself (RFC 5321 §5.1). */
export async function mailServersOf(domain: string, resolver: Resolver): Promise<MailServers> {
  try {
    const { records, exists, secure } = await resolver.query(domain, 'MX');
    if (!exists) return { kind: 'no-mail', because: 'host-not-found' };
    if (records.length === 0) return await itself(domain, secure, resolver);
    const named = records.filter(({ exchange }) => HOST_NAME.test(bare(exchange)));
    // RFC 7505: an MX without a name says that the domain takes no mail; beside others it says nothing.
    if (named.length === 0) return { kind: 'no-mail', because: 'null-mx' };
    const servers = inOrder(named).map((exchange) => ({ host: bare(exchange), port: 25, secure }));
    return { kind: 'servers', servers };
  } catch (error) {
    if (error instanceof LookupFailedError) return { kind: 'failed' };
    throw error;
  }
}

const bare = (host: string) => host.replace(/\.$/, '').toLowerCase();

/** By preference; of equals in another order each time, so that they share the load. */
function inOrder(records: readonly { exchange: string; preference: number }[]): string[] {
  return records
    .map((record) => ({ ...record, chance: Math.random() }))
    .toSorted((a, b) => a.preference - b.preference || a.chance - b.chance)
    .map(({ exchange }) => exchange);
}

/** A domain without MX records takes mail where it has an address, and does not where DNS says that it has none. */
async function itself(domain: string, secure: boolean, resolver: Resolver): Promise<MailServers> {
  const lookups = await Promise.allSettled([resolver.query(domain, 'A'), resolver.query(domain, 'AAAA')]);
  if (lookups.some((each) => each.status === 'fulfilled' && each.value.records.length > 0))
    return { kind: 'servers', servers: [{ host: domain, port: 25, secure }] };
  if (lookups.some((each) => each.status === 'rejected')) return { kind: 'failed' };
  return { kind: 'no-mail', because: 'host-not-found' };
}
