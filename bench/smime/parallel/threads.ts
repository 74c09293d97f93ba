// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PersonInPem } from '../person.ts';
import { measured, type Way } from './way.ts';

/** Beside this file, compiled or not as this one is. */
const THREAD = join(import.meta.dirname, `thread${extname(import.meta.filename)}`);
/** Mails that each thread has before it, so that it never waits. */
const AHEAD = 2;

/** Worker threads: the main thread gives each its mails and takes back what they made. */
export async function threads(content: Buffer, person: PersonInPem, count: number): Promise<Way> {
  const workers = Array.from({ length: count }, () => new Worker(THREAD, { workerData: person }));
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  return {
    name: 'worker threads',
    workers: count,
    run: (seconds) =>
      measured(async () => {
        const end = performance.now() + seconds * 1_000;
        const done = await Promise.all(workers.map((worker) => keepBusy(worker, content, end)));
        return done.reduce((sum, each) => sum + each, 0);
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** @returns how many mails came back. */
async function keepBusy(worker: Worker, content: Buffer, end: number): Promise<number> {
  let done = 0;
  for (let sent = 0; sent < AHEAD; sent += 1) worker.postMessage(content);
  for (let waiting = AHEAD; waiting > 0; waiting -= 1) {
    await once(worker, 'message');
    done += 1;
    if (performance.now() >= end) continue;
    worker.postMessage(content);
    waiting += 1;
  }
  return done;
}
