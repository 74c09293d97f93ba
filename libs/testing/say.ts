// SPDX-License-Identifier: Apache-2.0
/** Takes one line for the person at the keyboard: what was chosen, what is being fetched. */
export type Say = (line: string) => void;

/** Standard output belongs to the command that is run; what we do on the side goes to standard error. */
export const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};
