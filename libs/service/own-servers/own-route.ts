// SPDX-License-Identifier: Apache-2.0
import { domainOf, foldedAddress, withoutDetail, type Address } from '@securemail/contracts';
import type { MailRoute, Tenant } from '../settings/tenant.ts';

/** By the name of a route, the mailboxes that its list names, each as `foldedAddress` has it. */
export type MailboxLists = ReadonlyMap<string, ReadonlySet<string>>;

/** The route of an own mailbox: that whose list names it, else that of its domain; null where the tenant's servers have it. */
export function ownRouteOf(
  address: Address,
  { mailRoutes }: Pick<Tenant, 'mailRoutes'>,
  lists: MailboxLists,
): string | null {
  const domain = domainOf(address);
  const route =
    listedRouteOf(address, { mailRoutes }, lists) ??
    mailRoutes.find(({ domains }) => domains.includes(domain))?.name;
  return route ?? null;
}

/** The route whose list names the mailbox, or that of its subaddress; null where none does. */
export function listedRouteOf(
  address: Address,
  { mailRoutes }: Pick<Tenant, 'mailRoutes'>,
  lists: MailboxLists,
): string | null {
  const listing = (mailbox: Address | null) =>
    mailbox === null
      ? undefined
      : mailRoutes.find(({ name }) => lists.get(name)?.has(foldedAddress(mailbox)) === true);
  return (listing(address) ?? listing(withoutDetail(address)))?.name ?? null;
}

/** Some of the tenant's own mail servers, and what they expect of us. */
export type OwnServers = Pick<MailRoute, 'servers'> &
  Partial<Pick<MailRoute, 'headers' | 'clientCertificate'>>;

/** The own mail servers of a route, or those of the tenant. */
export function ownServersOf(tenant: Tenant | undefined, route: string | null): OwnServers | null {
  if (tenant === undefined) return null;
  if (route === null) return { servers: tenant.mailServers };
  return tenant.mailRoutes.find(({ name }) => name === route) ?? null;
}
