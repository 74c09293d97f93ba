// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createLogger } from '@securemail/telemetry';
import type { ConsumerProcess } from './consumer-process.ts';

const logger = createLogger('test');

/** Starts a consumer in a process of its own, and waits until it has written that; for nothing where it is empty. */
export async function startConsumerProcess(
  description: ConsumerProcess,
  waitFor: string,
): Promise<ChildProcess> {
  // Compiled by `npm run build`, which `npm test` runs first.
  const script = join(import.meta.dirname, '../../../dist/libs/event-log/testing/consumer-process.js');
  const child = spawn(process.execPath, [script, JSON.stringify(description)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'silent', NODE_OPTIONS: '' },
  });
  if (waitFor !== '')
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(waitFor)) resolve();
      });
      child.once('exit', (code) => {
        reject(new Error(`the consumer process ended with ${code ?? 'a signal'} before it was killed`));
      });
    });
  logger.debug({ pid: child.pid }, 'consumer process ready to be killed');
  return child;
}
