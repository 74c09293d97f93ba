// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';

/** What the servers of a route share as a limit; no domain can be called so. */
export const ownLane = (tenantId: TenantId, route: string | null): string =>
  route === null ? `tenant:${tenantId}` : `tenant:${tenantId}/${route}`;

/** The route that {@link ownLane} named. */
export function routeOfLane(lane: string): string | null {
  const slash = lane.indexOf('/');
  return slash < 0 ? null : lane.slice(slash + 1);
}
