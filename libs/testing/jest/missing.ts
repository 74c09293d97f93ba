// SPDX-License-Identifier: Apache-2.0
import { sayOnStderr } from '../say.ts';

/**
 * Stands in for tests that want a program of another which this machine lacks: a skipped test, and a line on standard
 * error that says what to install. In CI it fails, as nobody reads there what was skipped.
 */
export function missing(what: string, install: string): void {
  const sentence = `${what} is not on this machine, and nothing was tried with it: ${install}`;
  if (process.env['CI'] === 'true') {
    it(what, () => {
      throw new Error(sentence);
    });
    return;
  }
  sayOnStderr(sentence);
  it.skip(sentence, () => undefined);
}
