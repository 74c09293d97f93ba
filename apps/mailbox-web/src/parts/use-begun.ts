// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type CodeAt } from '../api.ts';

/**
 * Until when a code counts that this browser has asked for on this page: whoever comes back to it, from his mail program
 * perhaps, types it at once. Null: there is none, or that can't be asked, and another one can be had.
 *
 * @param isKnown whether that page leads somewhere.
 */
export function useBegun(at: CodeAt, isKnown: boolean): { until: string | null; forget: () => void } {
  const [isForgotten, setForgotten] = useState(false);
  const found = useQuery({
    queryKey: [
      'begun',
      ...('link' in at ? [at.link] : [at.organisation, ...(at.to === undefined ? [] : [at.to])]),
    ],
    queryFn: () => api.begunSignIn(at),
    enabled: isKnown,
    // Not anew while somebody types.
    staleTime: Infinity,
    retry: false,
    retryOnMount: false,
  });
  return {
    until: isForgotten ? null : (found.data?.begun?.expiresAt ?? null),
    forget: () => setForgotten(true),
  };
}
