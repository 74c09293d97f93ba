// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ReactNode } from 'react';
import { Refusal } from './api.ts';
import { LanguageProvider } from './words/language.tsx';
import type { Words } from './words/words.ts';

export const newQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      // Also where the browser thinks that it is offline: what does not arrive is said, and not waited for in silence.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        // What was refused is refused again; what did not arrive may arrive.
        retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
        refetchOnWindowFocus: false,
      },
    },
  });

/** What stands around all pages, the same where they are rendered first and where they go on. */
export function Frame({
  queries,
  words,
  children,
}: {
  queries: QueryClient;
  words: Words;
  children: ReactNode;
}) {
  return (
    <StrictMode>
      <QueryClientProvider client={queries}>
        <LanguageProvider first={words}>{children}</LanguageProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}
