// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../process/free-port.ts';
import { spawnTied } from '../process/tied-process.ts';

const CLAMD = '/usr/sbin/clamd';

/** What every scanner is to find, and is harmless (eicar.org); in two pieces, or one would find it here. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** Whether this machine has ClamAV's daemon (`apt install clamav-daemon`). */
export const clamdIsThere = (): boolean => existsSync(CLAMD);

export interface RunningClamd {
  host: string;
  port: number;
  /** The same over a socket of the file system. */
  socket: string;
  stop(): Promise<void>;
}

/** Runs a scanner that knows {@link EICAR} and nothing else, so that no signatures are fetched. @param largest octets @param also lines of its settings */
export async function startClamd({
  port,
  largest = 25_000_000,
  also = [],
}: { port?: number; largest?: number; also?: string[] } = {}): Promise<RunningClamd> {
  const folder = await mkdtemp(join(tmpdir(), 'clamd-'));
  await chmod(folder, 0o755);
  const path = (name: string) => join(folder, name);
  await mkdir(path('signatures'));
  await writeFile(path('signatures/eicar.ndb'), `Eicar-Test:0:*:${Buffer.from(EICAR).toString('hex')}\n`);
  const taken = port ?? (await freePort());
  await writeFile(
    path('clamd.conf'),
    `Foreground yes
DatabaseDirectory ${path('signatures')}
LocalSocket ${path('socket')}
TCPAddr 127.0.0.1
TCPSocket ${taken}
StreamMaxLength ${largest}
AlertExceedsMax yes
${also.join('\n')}
`,
  );
  const program = await spawnTied(CLAMD, ['-c', path('clamd.conf')], { farewell: 'TERM' });
  while (!(await answers(path('socket'))) || !(await answers(taken))) {
    if (program.hasExited()) throw new Error(`clamd ended: ${program.lastWords()}`);
    await sleep(50);
  }
  return {
    host: '127.0.0.1',
    port: taken,
    socket: path('socket'),
    async stop() {
      await program.stop('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const answers = (place: string | number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = typeof place === 'string' ? connect(place) : connect(place, '127.0.0.1');
    socket.on('connect', () => socket.write('zPING\0'));
    socket.on('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
