// SPDX-License-Identifier: Apache-2.0
import { openScanner, type Scanner, type ScannerOptions } from '@securemail/sensitive-content';

/** What a client waits for an answer is minutes (RFC 5321 §4.5.3.2.6), and less over HTTP. */
const MOST_WAIT_MS = 60_000;

interface LazyScannerOptions extends ScannerOptions {
  timeoutMs: number;
  /** For a process that is free, beside the time of the scan itself. */
  waitMs?: number;
}

/**
 * A scanner whose processes start with the first mail that has to be looked into: most organisations have no rules. It
 * ends a scan that is late, also one that has waited for others: whoever hands a mail in goes away otherwise, and comes
 * again with the same mail.
 */
export function lazyScanner({ waitMs = MOST_WAIT_MS, ...options }: LazyScannerOptions): Scanner {
  let scanner: Scanner | null = null;
  let closed = false;
  return {
    async scan(source, rules) {
      if (closed) throw new Error('the scanner is closed');
      scanner ??= openScanner(options);
      return scanner.scan(source, rules, AbortSignal.timeout(waitMs + options.timeoutMs));
    },
    async close() {
      closed = true;
      await scanner?.close();
    },
  };
}
