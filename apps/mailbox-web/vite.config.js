// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';

/** The pages of SecureMailBox: a folder that services/mailbox serves under /mailbox/. */
export default {
  root: import.meta.dirname,
  base: '/mailbox/',
  build: {
    outDir: join(import.meta.dirname, '../../dist/apps/mailbox-web/site'),
    emptyOutDir: true,
    // The policy of the pages takes no script and no style that stands in them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};
