// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { signedIn } from './session-watch.ts';

export interface Place {
  path: string;
  state: unknown;
}

/** Leads whoever has just signed in to what he came for: `leadsTo`, else where he was before, else the message, else all of them. */
export function useSignedIn() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { state: here } = useLocation() as { state: { leadsTo?: Place } | null };
  return async (messageId: string | null, leadsTo?: Place): Promise<void> => {
    // Whoever was signed in before is not any more.
    await signedIn(queries);
    const { path, state } = leadsTo ??
      here?.leadsTo ?? {
        path: messageId === null ? '/messages' : `/messages/${messageId}`,
        state: null,
      };
    await navigate(path, { replace: true, state });
  };
}
