// SPDX-License-Identifier: Apache-2.0

/**
 * What is printed may be read by somebody who has enough of it (`securemail … | head`): that is no fault, and a command
 * that prints while it works does all of its work. Where it can not be written, as on a full disk, it says so in a line,
 * and ends with 1.
 */
export function goOnWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`what is printed can not be written: ${error.message}\n`);
    process.exit(1);
  });
}
