// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Refusal } from './api.ts';
import { App } from './app.tsx';
import './style.css';
import { LanguageProvider } from './words/language.tsx';

const queries = new QueryClient({
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

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <BrowserRouter basename="/mailbox">
          <App />
        </BrowserRouter>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
