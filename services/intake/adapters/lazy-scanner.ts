// SPDX-License-Identifier: Apache-2.0
import { openScanner, type Scanner, type ScannerOptions } from '@securemail/sensitive-content';

/** A scanner whose processes start with the first mail that has to be looked into: most organisations have no rules. */
export function lazyScanner(options: ScannerOptions): Scanner {
  let scanner: Scanner | null = null;
  let closed = false;
  return {
    async scan(...job) {
      if (closed) throw new Error('the scanner is closed');
      scanner ??= openScanner(options);
      return scanner.scan(...job);
    },
    async close() {
      closed = true;
      await scanner?.close();
    },
  };
}
