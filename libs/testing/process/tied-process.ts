// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface TiedProcess {
  /** Of the program itself, not of the shell that watches over it. */
  pid: number;
  /** Its exit code; 128 + n where signal n ended it. */
  exited: Promise<number>;
  hasExited(): boolean;
  /** The last 4,000 characters it wrote, for the error that explains why it ended. */
  lastWords(): string;
  /** Asks it to end by `signal`, waits, and kills it when it has not obeyed after `patience` milliseconds. */
  stop(signal: NodeJS.Signals, patience?: number): Promise<void>;
  kill(): Promise<void>;
}

/**
 * Starts "$@", writes its process id to descriptor 3, and ends it by signal $0 as soon as standard input ends: that
 * is when we are gone, however we went (kill -9 included). The shell's exit code is the program's.
 */
const WATCHED = `
exec 4<&0
"$@" 3>&- 4<&- </dev/null &
program=$!
echo "$program" >&3
exec 3>&-
( read -r _ <&4; kill -s "$0" "$program" 2>/dev/null ) </dev/null >/dev/null 2>&1 &
watcher=$!
wait "$program"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/**
 * Runs a program that never outlives us. It has a process group of its own, so that Ctrl-C reaches us alone and we
 * end it in our order. Needs a POSIX shell.
 *
 * @param farewell the signal that it gets when we vanish without stopping it.
 */
export async function spawnTied(
  program: string,
  args: readonly string[],
  options: { farewell: 'INT' | 'TERM'; env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number },
): Promise<TiedProcess> {
  const { farewell, ...spawnOptions } = options;
  const shell = spawn('/bin/sh', ['-c', WATCHED, farewell, program, ...args], {
    ...spawnOptions,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let words = '';
  const hear = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
  };
  shell.stdout.on('data', hear);
  shell.stderr.on('data', hear);
  shell.stdin.on('error', () => undefined);
  await once(shell, 'spawn');

  let ended = false;
  const exited = once(shell, 'exit').then(([code]: unknown[]) => {
    ended = true;
    return typeof code === 'number' ? code : 1;
  });
  const pid = await readPid(shell.stdio[3] as Readable);
  const signal = (name: NodeJS.Signals) => {
    if (!ended) process.kill(pid, name);
  };
  const kill = async () => {
    tolerateGone(() => {
      signal('SIGKILL');
    });
    await exited;
  };
  return {
    pid,
    exited,
    hasExited: () => ended,
    lastWords: () => words.trim(),
    kill,
    async stop(name, patience = 10_000) {
      tolerateGone(() => {
        signal(name);
      });
      const timer = setTimeout(() => void kill(), patience);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function readPid(stream: Readable): Promise<number> {
  for await (const line of createInterface({ input: stream })) return Number(line);
  throw new Error('the shell that starts test servers ended before it started one');
}

/** Between our look and our signal it may have ended by itself, which is what we wanted. */
function tolerateGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
