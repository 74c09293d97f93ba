// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { matchPath, useLocation } from 'react-router';
import { api, type LookingOrganisation, type Organisation } from '../api.ts';
import { TOLD } from '../told.ts';
import { lastOrganisation } from './last-organisation.ts';
import { noteSession, watchSession } from './session-watch.ts';
import { useStanding, type Over } from './standing.ts';

/** Pages of who is signed in. */
const SIGNED_IN = /^\/(messages|conversations|write|sessions)(\/|$)/;

/** What an organisation looks like, once it is known which one it is. */
export const useLooking = (id: string | null | undefined) =>
  useQuery({
    queryKey: ['organisation', id],
    queryFn: () => api.organisation(id ?? ''),
    enabled: id !== undefined && id !== null,
    ...TOLD,
  });

/**
 * Whose SecureMailBox it is, as far as the page says it: in its colours. `reader` is there for who is signed in, `over` where
 * that has ended on a page that shows something of it.
 */
export function useOrganisation(): {
  reader: Organisation | undefined;
  over: Over | null;
  looking: LookingOrganisation | undefined;
} {
  const queries = useQueryClient();
  const standing = useStanding();
  const { pathname } = useLocation();
  const link = matchPath('/m/:link', pathname)?.params.link;
  const isOfSession = SIGNED_IN.test(pathname);
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => api.session(),
    enabled: standing === null && isOfSession,
  });
  const { data: current } = session;
  useEffect(() => watchSession(queries), [queries]);
  useEffect(() => {
    if (current !== undefined && isOfSession) noteSession(current, queries);
  }, [current, isOfSession, queries]);
  const linked = useQuery({
    queryKey: ['link', link],
    queryFn: () => api.link(link ?? ''),
    enabled: link !== undefined,
    ...TOLD,
  });
  const over = isOfSession ? standing : null;
  const reader = standing === null ? current?.organisation : undefined;
  const id =
    matchPath('/o/:organisation/*', pathname)?.params.organisation ??
    (link === undefined ? (reader?.id ?? lastOrganisation()) : linked.data?.organisation.id);
  const looking = useLooking(id).data;
  useEffect(() => {
    if (looking === undefined) return;
    const { style } = document.documentElement;
    style.setProperty('--accent', looking.colours.accent);
    style.setProperty('--banner', looking.colours.banner);
    style.setProperty('--on-banner', looking.colours.onBanner);
  }, [looking]);
  return { reader, over, looking };
}
