// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type Channel } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { authenticate, type Relay, type Tenant } from '@securemail/service';
import { senderRule } from '../sender-rule.ts';
import { inNetworks, plainAddress } from './networks.ts';

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
  const address = plainAddress(remoteAddress);
  const lists = ({ network }: Relay) => inNetworks([network])(address);
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
