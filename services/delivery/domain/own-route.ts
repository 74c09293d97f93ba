// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type TenantId } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';

/** By the name of a route, the mailboxes that its list names, in lower case. */
export type MailboxLists = ReadonlyMap<string, ReadonlySet<string>>;

/** The route of an own mailbox: that whose list names it, else that of its domain; null where the tenant's servers have it. */
export function ownRouteOf(
  address: Address,
  { mailRoutes }: Pick<Tenant, 'mailRoutes'>,
  lists: MailboxLists,
): string | null {
  const mailbox = address.toLowerCase();
  const domain = domainOf(address);
  const route =
    mailRoutes.find(({ name }) => lists.get(name)?.has(mailbox) === true) ??
    mailRoutes.find(({ domains }) => domains.includes(domain));
  return route?.name ?? null;
}

/** What the servers of a route share as a limit; no domain can be called so. */
export const ownLane = (tenantId: TenantId, route: string | null): string =>
  route === null ? `tenant:${tenantId}` : `tenant:${tenantId}/${route}`;

/** The route that {@link ownLane} named. */
export function routeOfLane(lane: string): string | null {
  const slash = lane.indexOf('/');
  return slash < 0 ? null : lane.slice(slash + 1);
}
