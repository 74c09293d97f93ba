// SPDX-License-Identifier: Apache-2.0

/** Octets of what the server keeps by itself (services/mailbox, `PART_SIZE`). */
export const PART_SIZE = 1024 * 1024;

/** Octets of the first request, and of each on a slow line. */
export const LEAST_AT_ONCE = PART_SIZE / 4;
/** Proxies are asked to take so much (docs/operations.md). */
const MOST_AT_ONCE = 4 * PART_SIZE;
/** What a request is to take: what waits on the way waits longer, and little has to go up again where it breaks off. */
const MILLISECONDS = 20_000;
/** One good moment makes no fast line. */
const FASTER_AT_MOST = 4;

/**
 * How many octets the next request has, by how fast the last one went.
 *
 * @param received how far the file is: whole parts are ended with, for the server puts broken ones twice.
 */
export function nextAtOnce(last: { octets: number; milliseconds: number; received: number }): number {
  const inTime = (last.octets / Math.max(last.milliseconds, 1)) * MILLISECONDS;
  const wanted = Math.min(inTime, last.octets * FASTER_AT_MOST, MOST_AT_ONCE);
  const beyond = (last.received + wanted) % PART_SIZE;
  return Math.max(LEAST_AT_ONCE, Math.floor(beyond < wanted ? wanted - beyond : wanted));
}
