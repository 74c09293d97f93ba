// SPDX-License-Identifier: Apache-2.0
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { Beginning } from './process.ts';
import type { Ran, Way } from './way.ts';

/** Beside this file, compiled or not as this one is. */
const PROCESS = join(import.meta.dirname, `process${extname(import.meta.filename)}`);

/** Processes that know nothing of each other, each with mails of its own, as consumers of a log's partitions have them. */
export function processes(beginning: Beginning, count: number): Way {
  const children = Array.from({ length: count }, () => fork(PROCESS));
  for (const child of children) child.send(beginning);
  return {
    name: 'processes',
    workers: count,
    async run(seconds) {
      const ran = await Promise.all(children.map((child) => ask(child, seconds)));
      const perSec = ran.reduce((sum, each) => sum + each.perSec, 0);
      const cpuMsPerSec = ran.reduce((sum, each) => sum + each.perSec * each.cpuMsPerMail, 0);
      return { perSec, cpuMsPerMail: cpuMsPerSec / perSec };
    },
    async close() {
      await Promise.all(
        children.map(async (child) => {
          child.disconnect();
          await once(child, 'exit');
        }),
      );
    },
  };
}

/** @throws Error where it ended instead. */
function ask(child: ChildProcess, seconds: number): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      reject(new Error('a process that was measured ended'));
    };
    child.once('exit', ended);
    child.once('message', (ran: Ran) => {
      child.off('exit', ended);
      resolve(ran);
    });
    child.send(seconds);
  });
}
