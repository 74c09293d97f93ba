// SPDX-License-Identifier: Apache-2.0
import { dockerAnswers } from '../process/docker-answers.ts';
import { sayOnStderr, type Say } from '../say.ts';
import { startEmbedded } from './embedded.ts';
import { createDatabaseOn, dropDatabasesOf, newRunName, type RunningPostgres } from './running-postgres.ts';

export interface PostgresOptions {
  /**
   * Keeps the data in this folder, which survives restarts and a kill -9 at any moment; always the embedded server.
   * Without it the data is gone after `stop`.
   */
  dataDir?: string;
  /** Of 127.0.0.1. Default: a free one. */
  port?: number;
  /** `false` lets the embedded server skip fsync: faster, and only wrong when the machine itself fails. */
  durable?: boolean;
  /** The beginning of the names of databases that are made on it. Default: a new one. */
  run?: string;
  /** Hears in one line which server was chosen. Default: standard error. */
  say?: Say;
}

/** The image that stands for what is run in production. */
const IMAGE = 'postgres:18-alpine';
export const MAX_CONNECTIONS = 600;

/**
 * Starts a PostgreSQL 18 server: the one at `SECUREMAIL_TEST_POSTGRES_URL` if that is set, else in Docker where Docker
 * answers, else the embedded binaries, also as root. It takes up to 200 connections.
 *
 * @throws Error with a sentence that says what to do, where none of them works.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const { dataDir, say = sayOnStderr, run = newRunName() } = options;
  const external = process.env['SECUREMAIL_TEST_POSTGRES_URL'];
  if (dataDir === undefined && external !== undefined && external !== '') {
    say('Postgres: the server that SECUREMAIL_TEST_POSTGRES_URL names');
    return running('external', external, run, () => dropDatabasesOf(external, run));
  }
  if (dataDir === undefined && (await dockerAnswers())) {
    say(`Postgres: ${IMAGE} in Docker`);
    const { url, stop } = await startInDocker(options.port);
    return running('docker', url, run, stop);
  }
  say(`Postgres: embedded${dataDir === undefined ? '' : `, data in ${dataDir}`}`);
  const { url, stop } = await startEmbedded({ ...options, maxConnections: MAX_CONNECTIONS });
  return running('local', url, run, stop);
}

function running(
  kind: RunningPostgres['kind'],
  url: string,
  run: string,
  stop: () => Promise<void>,
): RunningPostgres {
  let stopping: Promise<void> | undefined;
  return {
    kind,
    url,
    createDatabase: () => createDatabaseOn(url, run),
    stop: () => (stopping ??= stop()),
  };
}

async function startInDocker(port?: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const image = new PostgreSqlContainer(IMAGE).withCommand([
    'postgres',
    '-c',
    `max_connections=${MAX_CONNECTIONS}`,
  ]);
  const container = await (
    port === undefined ? image : image.withExposedPorts({ container: 5432, host: port })
  ).start();
  return {
    url: container.getConnectionUri(),
    async stop() {
      await container.stop();
    },
  };
}
