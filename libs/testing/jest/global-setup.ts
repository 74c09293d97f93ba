// SPDX-License-Identifier: Apache-2.0
import { newRunName, type RunningPostgres } from '../postgres/running-postgres.ts';
import { startPostgres } from '../postgres/start-postgres.ts';

declare global {
  var securemailTestPostgres: RunningPostgres | undefined;
}

/** One Postgres for a whole run of Jest. Its workers learn of it by the environment: see `createDatabase`. */
export default async function globalSetup(): Promise<void> {
  const run = newRunName();
  const postgres = await startPostgres({ run, durable: false });
  globalThis.securemailTestPostgres = postgres;
  process.env['SECUREMAIL_TEST_RUN'] = run;
  process.env['SECUREMAIL_TEST_RUN_POSTGRES_URL'] = postgres.url;
}
