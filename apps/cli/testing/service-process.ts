// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceName } from '@securemail/contracts';

export interface ServiceProcess {
  /** Where its HTTP is; null where it has none. */
  url: string | null;
  /** Resolves with the signal or code it ended by. */
  ended: Promise<NodeJS.Signals | number | null>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Takes its processor away, or gives it back. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Compiled by `npm run build`, which `npm test` runs first. */
const DIST = join(import.meta.dirname, '../../../dist');

/** Starts `node dist/services/<service>/main.js` as an operator would, and waits until it says that it has started. */
export async function startServiceProcess(
  service: ServiceName,
  config: string,
  environment: Record<string, string> = {},
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [join(DIST, 'services', service, 'main.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'info', SECUREMAIL_CONFIG: config, ...environment },
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? code);
    });
  });
  const url = await started(child, service);
  return {
    url,
    ended,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
    signal: (signal) => {
      child.kill(signal);
    },
  };
}

function started(child: ChildProcess, service: string): Promise<string | null> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the process has no output');
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const said = parse(line);
      if (said?.msg === 'service started') resolve(said.url ?? null);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`${service} ended (${signal ?? code ?? ''}) before it had started: ${complaint}`));
    });
  });
}

function parse(line: string): { msg?: string; url?: string | null } | null {
  try {
    return JSON.parse(line) as { msg?: string; url?: string | null };
  } catch {
    return null;
  }
}
