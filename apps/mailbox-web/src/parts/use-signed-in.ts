// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { signedIn } from './session-watch.ts';
import { useStanding } from './standing.ts';

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

/** Leads back whoever came to sign in again once he has done so in another tab. */
export function useSignedInElsewhere(): void {
  const navigate = useNavigate();
  const standing = useStanding();
  const { state } = useLocation() as { state: { leadsTo?: Place } | null };
  const isOver = standing !== null;
  const wasOver = useRef(isOver);
  useEffect(() => {
    if (wasOver.current && !isOver && state?.leadsTo !== undefined)
      void navigate(state.leadsTo.path, { replace: true, state: state.leadsTo.state });
    wasOver.current = isOver;
  }, [isOver, navigate, state]);
}
