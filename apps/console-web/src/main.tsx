// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { Refusal } from './api/ask.ts';
import { App } from './app.tsx';
import { atKeptPlace } from './parts/kept-place.ts';
import './style.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused is refused again.
      retry: (failures, error) => !(error instanceof Refusal) && failures < 2,
      staleTime: 5_000,
    },
  },
});

atKeptPlace();
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <BrowserRouter basename="/console">
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);
