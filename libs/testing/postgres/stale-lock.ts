// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How long a server whose owner was killed gets to finish. It was told to stop at once. */
const LAST_RITES = 15_000;

/**
 * Makes way in a data folder that was left in a hurry. A server that still runs there is waited for: its owner is gone
 * and it is stopping. A `postmaster.pid` whose process is dead, or is some other program by now, is removed.
 *
 * @throws Error where a server goes on running there: two on one folder would destroy it.
 */
export async function clearStaleLock(cluster: string): Promise<void> {
  const lock = join(cluster, 'postmaster.pid');
  const end = Date.now() + LAST_RITES;
  while (Date.now() < end) {
    const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n', 1)[0]);
    if (pid === 0) return;
    if (!(await commandLineOf(pid)).includes(cluster)) {
      await rm(lock, { force: true });
      return;
    }
    await sleep(100);
  }
  throw new Error(
    `another Postgres is running on ${cluster}: stop the Secure@Mail that started it, or use another folder`,
  );
}

/** Empty where there is no such process. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  }
  const answer = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => null);
  return answer?.stdout ?? '';
}
