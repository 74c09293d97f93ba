// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { sessionOptions } from './pool.ts';
import { schemaName } from './schema-name.ts';

export interface MigrateOptions {
  url: string;
  /** Created where it is missing. */
  schema: string;
  /** A folder of `NNNN_name.sql` files, each with its `-- Up Migration` and `-- Down Migration`. */
  directory: string;
  /** Remembers, in that schema, which files were applied; one name for each folder. */
  table: string;
}

/**
 * Brings a schema up to date: all pending files in one transaction. Processes that start at once wait for each other.
 *
 * @returns the names of the files that were applied now.
 * @throws where a file fails, or an unapplied file comes before an applied one; nothing is changed then.
 */
export async function migrate({ url, schema, directory, table }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'securemail-migrate',
    // Whoever starts waits for who migrates.
    options: sessionOptions([]),
  });
  client.on('error', () => {
    // The query under way is told.
  });
  await client.connect();
  try {
    const applied = await runner({
      dbClient: client,
      dir: directory,
      direction: 'up',
      schema: schemaName(schema),
      createSchema: true,
      migrationsTable: table,
      singleTransaction: true,
      advisoryLockMode: 'wait',
      logger: SILENT,
    });
    return applied.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const ignore = () => {
  // What matters is thrown.
};
const SILENT = { info: ignore, warn: ignore, error: ignore };

/** Creates the `events` table in a service's schema. Safe to call at every start. */
export const migrateEventStore = (options: { url: string; schema: string }): Promise<string[]> =>
  migrate({
    ...options,
    directory: join(import.meta.dirname, 'migrations'),
    table: 'event_store_migrations',
  });
