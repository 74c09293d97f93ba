// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { matchPath, useLocation } from 'react-router';
import { api, type LookingOrganisation, type Organisation } from '../api.ts';
import { TOLD } from '../told.ts';
import { lastOrganisation } from './last-organisation.ts';

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

/** Whose SecureMailBox it is, as far as the page says it: in its colours. `reader` is there for who is signed in. */
export function useOrganisation(isOut: boolean): {
  reader: Organisation | undefined;
  looking: LookingOrganisation | undefined;
} {
  const { pathname } = useLocation();
  const link = matchPath('/m/:link', pathname)?.params.link;
  const session = useQuery({
    queryKey: ['session'],
    queryFn: () => api.session(),
    enabled: !isOut && SIGNED_IN.test(pathname),
  });
  const linked = useQuery({
    queryKey: ['link', link],
    queryFn: () => api.link(link ?? ''),
    enabled: link !== undefined,
    ...TOLD,
  });
  const reader = isOut ? undefined : session.data?.organisation;
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
  return { reader, looking };
}
