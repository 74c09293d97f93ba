// SPDX-License-Identifier: Apache-2.0
import './style.css';
import { wordsOf } from './words/load.ts';

/** Whoever presses or types meanwhile is not kept waiting. */
const pause = () => new Promise((done) => setTimeout(done));

/** In steps, of which none takes a slow telephone long; all of it is on its way already (vite.config.js). */
async function begin(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  const words = wordsOf(document.documentElement.lang);
  await import('react-dom/client');
  await pause();
  const { start } = await import('./start.tsx');
  await pause();
  start(root, await words);
}

// src/early.ts, which begins this, begins anew where something of it did not arrive.
(globalThis as { begun?: Promise<void> }).begun = begin();
