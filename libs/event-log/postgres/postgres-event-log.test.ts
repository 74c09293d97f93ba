// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';
import { createLogger } from '@securemail/telemetry';
import { onDatabaseServer } from '@securemail/testing';
import { eventLogContract } from '../event-log.contract.ts';
import { postgresEventLog } from './postgres-event-log.ts';

describe('the event log on Postgres', () => {
  eventLogContract({
    open: ({ source }) => postgresEventLog({ sources: () => source, logger: createLogger('test') }),
    brokers: () => null,
    // The server is shared with other tests: for this database it refuses everybody and throws out who is in.
    stopBus: async ({ url }) => {
      await onDatabaseServer(url, (name) => `alter database "${name}" with allow_connections false`);
      await onDatabaseServer(
        url,
        (name) => `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      );
    },
    startBus: ({ url }) =>
      onDatabaseServer(url, (name) => `alter database "${name}" with allow_connections true`),
    wipe: async ({ url }) => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query('delete from crypto.checkpoints');
      await client.end();
    },
  });
});
