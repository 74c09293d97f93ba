// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';
import { createLogger } from '@securemail/telemetry';
import { shutDatabase } from '@securemail/testing';
import { eventLogContract } from '../event-log.contract.ts';
import type { LogWorld } from '../testing/log-world.ts';
import { postgresEventLog } from './postgres-event-log.ts';

describe('the event log on Postgres', () => {
  const closed = new WeakMap<LogWorld, () => Promise<void>>();

  eventLogContract({
    open: ({ source }) => postgresEventLog({ sources: () => source, logger: createLogger('test') }),
    brokers: () => null,
    // The server is shared with other tests: for this database it refuses everybody and throws out who is in.
    stopBus: async (world) => {
      closed.set(world, await shutDatabase(world.url));
    },
    startBus: async (world) => closed.get(world)?.(),
    wipe: async ({ url }) => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query('delete from crypto.checkpoints');
      await client.end();
    },
  });
});
