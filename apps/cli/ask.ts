// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline/promises';

/** Asks the person at the terminal; null where there is none, as in a script. Only "y" and "yes" are a yes. */
export const asking = (): ((question: string) => Promise<boolean>) | null => {
  if (!process.stdin.isTTY) return null;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
};
