// SPDX-License-Identifier: Apache-2.0
import type { Routed } from './routes.ts';
import type { NextHop } from './smtp-connection.ts';

/** So long it is remembered that a server could not be begun with; then it has its full chance again. Milliseconds. */
const REMEMBERED_MS = 5 * 60_000;

export type Patience = 'short' | 'full';

export interface FailingHops {
  /** No connection, no greeting, or no TLS as it should be; within a short time, or within as long as RFC 5321 would wait. */
  failed(hop: NextHop, within: Patience): void;
  works(hop: NextHop): void;
  /** Whether it was waited for as long as RFC 5321 would lately, and nothing came of it. */
  waitedInVain(hop: NextHop): boolean;
  /** Those that failed lately come last, so that not each mail waits for them anew. */
  inOrder(routed: Routed): Routed;
}

/** Servers that could not be begun with lately. */
export function failingHops(clock = () => performance.now()): FailingHops {
  const until = { short: new Map<string, number>(), full: new Map<string, number>() };
  const keyOf = ({ host, port, address = '' }: NextHop) => `${host}:${port} ${address}`;
  const failedWithin = (hop: NextHop, patience: Patience) =>
    (until[patience].get(keyOf(hop)) ?? -Infinity) > clock();
  const isFailing = (hop: NextHop) => failedWithin(hop, 'short') || failedWithin(hop, 'full');
  return {
    failed(hop, within) {
      const times = until[within];
      for (const [key, time] of times) if (time <= clock()) times.delete(key);
      // Not put off further by each failure: a server that is only slow would never be waited for again.
      if (!failedWithin(hop, within)) times.set(keyOf(hop), clock() + REMEMBERED_MS);
    },
    works(hop) {
      until.short.delete(keyOf(hop));
      until.full.delete(keyOf(hop));
    },
    waitedInVain: (hop) => failedWithin(hop, 'full'),
    inOrder(routed) {
      if (routed.kind === 'nowhere') return routed;
      const { hops } = routed;
      return { kind: 'hops', hops: hops.toSorted((a, b) => Number(isFailing(a)) - Number(isFailing(b))) };
    },
  };
}
