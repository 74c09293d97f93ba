// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { api } from '../api.ts';
import { TOLD } from '../told.ts';
import { useWords } from '../words/language.tsx';

/** Whom one can write to there, as the reader's language sorts them; nobody where it takes no messages. */
export function useContacts(organisation: string | null) {
  const { language } = useWords();
  return useQuery({
    queryKey: ['contacts', organisation, language],
    queryFn: async () => (await api.contacts(organisation ?? '', language)).contacts,
    enabled: organisation !== null,
    ...TOLD,
  });
}
