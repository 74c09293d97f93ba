// SPDX-License-Identifier: Apache-2.0

/**
 * What is printed may be read by somebody who has enough of it (`securemail … | head`): that is no fault, and nothing is
 * left to do. Where it can not be written, as on a full disk, a command says so in a line, and ends with 1.
 */
export function endWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`what is printed can not be written: ${error.message}\n`);
    process.exit(1);
  });
}
