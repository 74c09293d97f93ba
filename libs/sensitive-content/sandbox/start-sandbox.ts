// SPDX-License-Identifier: Apache-2.0
import { fork, type ChildProcess } from 'node:child_process';
import { dirname, extname, join, sep } from 'node:path';
import { packageFolders } from './package-folders.ts';

/** Compiled or not, as this file is. */
const EXTENSION = extname(import.meta.filename);
const CHILD = join(import.meta.dirname, `child${EXTENSION}`);
const PACKAGE = dirname(import.meta.dirname);
/** What the program of a sandbox loads. */
const PACKAGES = ['htmlparser2', 'postal-mime', 're2js', 'unpdf', 'yauzl'];

/**
 * Starts a process that can load its program and do nothing else: no other file is read, none written, no process, thread
 * or native addon started, no code made from text; its environment is empty, and what it prints goes nowhere. The network
 * is not closed: Node.js 24 cannot (`--allow-net` came with 25).
 *
 * @param heapMegabytes of its JavaScript heap; buffers come on top.
 */
export function startSandbox(heapMegabytes: number): ChildProcess {
  return fork(CHILD, [], {
    execArgv: sandboxFlags(heapMegabytes),
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
}

/** What Node.js is told about a sandbox. */
export function sandboxFlags(heapMegabytes: number): string[] {
  const readable = [PACKAGE, ...packageFolders(PACKAGES, PACKAGE)];
  return [
    '--permission',
    ...readable.map((folder) => `--allow-fs-read=${folder}${sep}`),
    `--max-old-space-size=${heapMegabytes}`,
    '--disallow-code-generation-from-strings',
    '--disable-proto=throw',
    '--no-addons',
    '--disable-warning=ExperimentalWarning',
  ];
}
