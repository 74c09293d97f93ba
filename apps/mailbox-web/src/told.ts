// SPDX-License-Identifier: Apache-2.0
import type { QueryClient } from '@tanstack/react-query';
import { Refusal } from './api.ts';

/**
 * What the server tells together with the page, by what it is asked under. So much is the same for everybody, but for
 * whether this browser waits for a code: the link itself is not in it, and stands in the place of `LINK` alone.
 */
export type Told = {
  key: readonly string[];
  answer: unknown;
  refused?: { kind: string; status: number; organisation?: string };
}[];

/** In a key: what stands behind `/m/`. */
const LINK = ':link';

/** As if it had been asked for just now. */
export function take(told: Told, link: string | undefined, queries: QueryClient): void {
  for (const { key, answer, refused } of told) {
    const queryKey = key.map((part) => (part === LINK ? (link ?? '') : part));
    if (refused === undefined) queries.setQueryData(queryKey, answer);
    else
      queries
        .getQueryCache()
        .build(queries, { queryKey })
        .setState({
          status: 'error',
          error: new Refusal(refused.kind, refused.status, null, null, [], refused.organisation ?? null),
          errorUpdatedAt: Date.now(),
          fetchStatus: 'idle',
        });
  }
}

/** Of what came with the page: it is not asked for again at once. */
export const TOLD = {
  /** Milliseconds. */
  staleTime: 60_000,
  retryOnMount: false,
} as const;
