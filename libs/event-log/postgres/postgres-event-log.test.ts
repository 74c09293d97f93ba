// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';
import { createLogger } from '@securemail/telemetry';
import { eventLogContract } from '../event-log.contract.ts';
import { postgresEventLog } from './postgres-event-log.ts';

const adminOf = (url: string) => {
  const admin = new URL(url);
  const database = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  return { admin: admin.href, database };
};

async function onServer(
  url: string,
  work: (client: pg.Client, database: string) => Promise<unknown>,
): Promise<void> {
  const { admin, database } = adminOf(url);
  const client = new pg.Client(admin);
  await client.connect();
  try {
    await work(client, database);
  } finally {
    await client.end();
  }
}

describe('the event log on Postgres', () => {
  eventLogContract({
    open: ({ source }) => postgresEventLog({ sources: () => source, logger: createLogger('test') }),
    brokers: () => null,
    // The server is shared with other tests: for this database it refuses everybody and throws out who is in.
    stopBus: ({ url }) =>
      onServer(url, async (client, database) => {
        await client.query(`alter database "${database}" with allow_connections false`);
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
          database,
        ]);
      }),
    startBus: ({ url }) =>
      onServer(url, (client, database) =>
        client.query(`alter database "${database}" with allow_connections true`),
      ),
    wipe: async ({ url }) => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query('delete from crypto.checkpoints');
      await client.end();
    },
  });
});
