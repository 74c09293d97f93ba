// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';

/** Ends all who are in a database and lets nobody in any more, until the function is called that it gives. */
export async function shutDatabase(url: string): Promise<() => Promise<void>> {
  const admin = new URL(url);
  const database = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  const onServer = async (sql: string) => {
    const client = new pg.Client(admin.href);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await onServer(`alter database "${database}" with allow_connections false`);
  await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
  return () => onServer(`alter database "${database}" with allow_connections true`);
}
