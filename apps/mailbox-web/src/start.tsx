// SPDX-License-Identifier: Apache-2.0
import { startTransition } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { BrowserRouter, matchPath } from 'react-router';
import { App } from './app.tsx';
import { Frame, newQueries } from './frame.tsx';
import { beginToAnswer } from './parts/at-first.ts';
import { take, type Told } from './told.ts';
import type { Words } from './words/words.ts';

/** Has the page answer: the one that is seen already, or one that is made now where the server knew of nothing to show. */
export function start(root: HTMLElement, words: Words): void {
  const told = document.getElementById('told')?.textContent;
  const queries = newQueries();
  const page = (
    <Frame queries={queries} words={words}>
      <BrowserRouter basename="/mailbox">
        <App />
      </BrowserRouter>
    </Frame>
  );
  beginToAnswer(told !== undefined);
  if (told === undefined) {
    createRoot(root).render(page);
    return;
  }
  const link = matchPath('/mailbox/m/:link', location.pathname)?.params.link;
  take(JSON.parse(told) as Told, link, queries);
  // In slices: who types meanwhile is not kept waiting.
  startTransition(() => {
    hydrateRoot(root, page);
  });
}
