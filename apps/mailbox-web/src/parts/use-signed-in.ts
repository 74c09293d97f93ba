// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

export interface Place {
  path: string;
  state: unknown;
}

/** Leads whoever has just signed in to what he came for: `leadsTo`, else the message, else all of them. */
export function useSignedIn() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return async (messageId: string | null, leadsTo?: Place): Promise<void> => {
    // Whoever was signed in before is not any more.
    queries.clear();
    const { path, state } = leadsTo ?? {
      path: messageId === null ? '/messages' : `/messages/${messageId}`,
      state: null,
    };
    await navigate(path, { replace: true, state });
  };
}
