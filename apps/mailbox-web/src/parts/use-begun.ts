// SPDX-License-Identifier: Apache-2.0
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Begun, type CodeAt } from '../api.ts';

/** Which code this browser has asked for on a page, once. */
export const useUnderWay = (
  key: readonly unknown[],
  ask: () => Promise<{ begun: Begun | null }>,
  more: { enabled?: boolean; retryOnMount?: boolean; gcTime?: number },
): UseQueryResult<{ begun: Begun | null }> =>
  useQuery({
    queryKey: key,
    queryFn: ask,
    // Not anew while somebody types.
    staleTime: Infinity,
    retry: false,
    ...more,
  });

/**
 * Until when a code counts that this browser has asked for on this page: whoever comes back to it, from his mail program
 * perhaps, types it at once. Null: there is none, or that can't be asked, and another one can be had.
 *
 * @param isKnown whether that page leads somewhere.
 */
export function useBegun(at: CodeAt, isKnown: boolean): { until: string | null; forget: () => void } {
  const [isForgotten, setForgotten] = useState(false);
  const found = useUnderWay(
    ['begun', ...('link' in at ? [at.link] : [at.organisation, ...(at.to === undefined ? [] : [at.to])])],
    () => api.begunSignIn(at),
    { enabled: isKnown, retryOnMount: false },
  );
  return {
    until: isForgotten ? null : (found.data?.begun?.expiresAt ?? null),
    forget: () => setForgotten(true),
  };
}
