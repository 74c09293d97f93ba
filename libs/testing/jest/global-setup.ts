// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRunName, type RunningPostgres } from '../postgres/running-postgres.ts';
import { startPostgres } from '../postgres/start-postgres.ts';

declare global {
  var securemailTestPostgres: RunningPostgres | undefined;
}

/** One Postgres for a whole run of Jest. Its workers learn of it by the environment: see `createDatabase`. */
export default async function globalSetup(): Promise<void> {
  // Processes that tests start compile the same files again and again: a quarter of the time that a start takes.
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'securemail-compile-cache');
  const run = newRunName();
  const postgres = await startPostgres({ run, durable: false });
  globalThis.securemailTestPostgres = postgres;
  process.env['SECUREMAIL_TEST_RUN'] = run;
  process.env['SECUREMAIL_TEST_RUN_POSTGRES_URL'] = postgres.url;
}
