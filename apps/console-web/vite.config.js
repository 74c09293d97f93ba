// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { defaultClientConditions } from 'vite';

/** The oldest browsers that the pages are made for (docs/operations.md). */
const BROWSERS = ['safari15.4', 'chrome109', 'edge109', 'firefox115'];

/** The pages of the console: a folder that services/receipts serves under /console/. */
export default {
  root: import.meta.dirname,
  base: '/console/',
  // Libraries of ours are bundled from their sources, as far as they are for browsers.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: join(import.meta.dirname, '../../dist/apps/console-web'),
    emptyOutDir: true,
    target: BROWSERS,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};
