// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIP } from 'node:net';
import { domainOf, type Address, type Channel } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { authenticate, type Relay, type Tenant } from '@securemail/service';
import { senderRule } from '../sender-rule.ts';

/** Who hands mail in over SMTP: someone who signed in, or a mail server that is listed. */
export interface Submitter {
  tenant: Tenant;
  channel: Channel;
  submittedBy: string;
  maySend: (mailFrom: Address, header: Header) => boolean;
}

/** The user name is the API key's id, the password the key itself. Null where they don't fit or the key may not send. */
export function signIn(username: string, password: string, tenants: Iterable<Tenant>): Submitter | null {
  const all = [...tenants];
  const principal = authenticate(password, all);
  const tenant = all.find(({ id }) => id === principal?.tenantId);
  if (principal === null || tenant === undefined) return null;
  if (principal.keyId !== username || !principal.scopes.includes('emails:send')) return null;
  return {
    tenant,
    channel: 'submission',
    submittedBy: principal.keyId,
    maySend: senderRule(principal),
  };
}

/**
 * The tenant whose own mail server has this network address; of several that share one, the tenant of `mailFrom`. A
 * server may send as every address of its tenant's domains, also what others wrote and people there forward; one that
 * others send through, too, only what it says is the tenant's.
 */
export function relayAt(
  remoteAddress: string,
  mailFrom: Address | null,
  tenants: Iterable<Tenant>,
): Submitter | null {
  const address = remoteAddress.replace(/^::ffff:/i, '');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const lists = ({ network }: Relay) => listOf(network).check(address, family);
  const listing = [...tenants].filter(({ relayFrom }) => relayFrom.some(lists));
  const domain = mailFrom === null ? null : domainOf(mailFrom);
  const tenant = listing.find(({ domains }) => domains.some((each) => each === domain)) ?? listing[0];
  if (tenant === undefined) return null;
  return {
    tenant,
    channel: 'relay',
    submittedBy: `relay ${address}`,
    maySend: (sender, header) =>
      tenant.domains.includes(domainOf(sender)) &&
      tenant.relayFrom.some((relay) => lists(relay) && carries(header, relay.headers)),
  };
}

/** Whether every one of these fields is there, with its value and no other. */
const carries = (header: Header, wanted: Relay['headers']): boolean =>
  Object.entries(wanted).every(([name, value]) => {
    const values = header.getAll(name);
    return values.length > 0 && values.every((each) => each.trim().toLowerCase() === value.toLowerCase());
  });

function listOf(range: string): BlockList {
  const list = new BlockList();
  const [network = '', prefix] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) list.addAddress(network, family);
  else list.addSubnet(network, Number(prefix), family);
  return list;
}
