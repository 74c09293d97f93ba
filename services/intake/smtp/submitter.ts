// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIP } from 'node:net';
import { domainOf, type Address, type Channel } from '@securemail/contracts';
import { authenticate, maySendAs, type Tenant } from '@securemail/service';

/** Who hands mail in over SMTP: someone who signed in, or a mail server that is listed. */
export interface Submitter {
  tenant: Tenant;
  channel: Channel;
  submittedBy: string;
  maySendAs: (mailFrom: Address) => boolean;
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
    maySendAs: (mailFrom) => maySendAs(principal, mailFrom),
  };
}

/** The tenant whose own mail server has this network address; it may send as every address of its domains. */
export function relayAt(remoteAddress: string, tenants: Iterable<Tenant>): Submitter | null {
  const address = remoteAddress.replace(/^::ffff:/, '');
  for (const tenant of tenants) {
    if (!listOf(tenant.relayFrom).check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) continue;
    return {
      tenant,
      channel: 'relay',
      submittedBy: `relay ${address}`,
      maySendAs: (mailFrom) => tenant.domains.includes(domainOf(mailFrom)),
    };
  }
  return null;
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
