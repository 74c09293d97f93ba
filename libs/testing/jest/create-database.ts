// SPDX-License-Identifier: Apache-2.0
import { createDatabaseOn } from '../postgres/running-postgres.ts';

/** Makes a fresh, empty database on the Postgres of this run of Jest; gives its URL. It goes with the server. */
export async function createDatabase(): Promise<string> {
  const url = process.env['SECUREMAIL_TEST_RUN_POSTGRES_URL'];
  const run = process.env['SECUREMAIL_TEST_RUN'];
  if (url === undefined || run === undefined) {
    throw new Error('createDatabase works in a test that Jest runs; elsewhere use startPostgres');
  }
  return await createDatabaseOn(url, run);
}
