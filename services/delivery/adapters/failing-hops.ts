// SPDX-License-Identifier: Apache-2.0
import type { Routed } from './routes.ts';
import type { NextHop } from './smtp-connection.ts';

/** So long it is remembered that a server could not be begun with; then it has its full chance again. Milliseconds. */
const REMEMBERED_MS = 5 * 60_000;

export interface FailingHops {
  /** No connection, no greeting, or no TLS as it should be. */
  failed(hop: NextHop): void;
  works(hop: NextHop): void;
  isFailing(hop: NextHop): boolean;
  /** Those that failed lately come last, so that not each mail waits for them anew. */
  inOrder(routed: Routed): Routed;
}

/** Servers that could not be begun with lately. */
export function failingHops(clock = () => performance.now()): FailingHops {
  const until = new Map<string, number>();
  const keyOf = ({ host, port }: NextHop) => `${host}:${port}`;
  const isFailing = (hop: NextHop) => (until.get(keyOf(hop)) ?? -Infinity) > clock();
  return {
    isFailing,
    failed(hop) {
      for (const [key, time] of until) if (time <= clock()) until.delete(key);
      // Not put off further by each failure: a server that is only slow would never be waited for again.
      if (!isFailing(hop)) until.set(keyOf(hop), clock() + REMEMBERED_MS);
    },
    works(hop) {
      until.delete(keyOf(hop));
    },
    inOrder(routed) {
      if (routed.kind === 'nowhere') return routed;
      const { hops } = routed;
      return { kind: 'hops', hops: hops.toSorted((a, b) => Number(isFailing(a)) - Number(isFailing(b))) };
    },
  };
}
