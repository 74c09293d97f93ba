// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly out: Buffer;
  /** What it wrote to standard error. */
  readonly complaint: string;
}

/**
 * Runs a program to its end, in plain English.
 *
 * @param input what its standard input gets.
 * @returns null where there is no such program.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, LC_ALL: 'C', ...env } });
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(null);
      else reject(error);
    });
    child.on('close', (code) => {
      resolve({ code, out: Buffer.concat(out), complaint: Buffer.concat(complaint).toString() });
    });
  });
}
