// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface RunningPostgres {
  kind: 'docker' | 'local' | 'external';
  /** Of the maintenance database, as a role that may create databases. */
  url: string;
  /** Makes an empty UTF-8 database; gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server. One that was there before us stays, and loses the databases we made on it. */
  stop(): Promise<void>;
}

/** Databases made for one run share this beginning, so that they can be found and dropped. */
export const newRunName = (): string => `securemail_test_${randomBytes(4).toString('hex')}`;

/** Makes an empty UTF-8 database on the server at `url` whose name begins with `run`; gives its URL. */
export async function createDatabaseOn(url: string, run: string): Promise<string> {
  const name = `${run}_${randomBytes(6).toString('hex')}`;
  await asAdministrator(url, (client) =>
    client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ENCODING 'UTF8' TEMPLATE template0`),
  );
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.toString();
}

/** Drops every database whose name begins with `run`, also those still in use. */
export async function dropDatabasesOf(url: string, run: string): Promise<void> {
  await asAdministrator(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`${run}_`],
    );
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    }
  });
}

async function asAdministrator<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // A connection lost while idle shows in the next query.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
