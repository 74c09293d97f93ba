// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api.ts';
import { TOLD } from '../told.ts';
import { useWords } from '../words/language.tsx';

/**
 * Whom one can write to there, as the reader's language sorts them; nobody where it takes no messages. Who chooses another
 * language keeps the list that he has until there is one in that: what he writes stands on the same page.
 */
export function useContacts(organisation: string | null) {
  const { language } = useWords();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['contacts', organisation],
    queryFn: async () => ({ language, ...(await api.contacts(organisation ?? '', language)) }),
    enabled: organisation !== null,
    ...TOLD,
  });
  const isSortedOtherwise = data !== undefined && data.language !== language;
  useEffect(() => {
    if (isSortedOtherwise) void refetch();
  }, [isSortedOtherwise, language, refetch]);
  return { data: data?.contacts, error, isPending, refetch };
}
