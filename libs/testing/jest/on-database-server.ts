// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';

/** Runs SQL about a database on its server, from outside of it: to shut it, or to end who is in it. */
export async function onDatabaseServer(url: string, sql: (database: string) => string): Promise<void> {
  const admin = new URL(url);
  const database = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  const client = new pg.Client(admin.href);
  await client.connect();
  await client.query(sql(database));
  await client.end();
}
