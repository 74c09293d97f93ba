// SPDX-License-Identifier: Apache-2.0

/**
 * A consumer in a process of its own, for tests that kill it. Takes the description of itself as JSON in argv[2], and
 * writes a line when a handler has begun.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, EventStore } from '@securemail/event-store';
import { createLogger } from '@securemail/telemetry';
import { Consumer } from '../consumer/consumer.ts';
import { DEFAULT_RETRY_POLICY } from '../consumer/failure.ts';
import { startRetryWorker } from '../consumer/retry-worker.ts';
import { kafkaEventLog } from '../kafka/kafka-event-log.ts';
import { postgresEventLog } from '../postgres/postgres-event-log.ts';
import { recordEffect, recordEffects } from './effects.ts';
import { plainCipher } from './plain-cipher.ts';

export interface ConsumerProcess {
  url: string;
  schema: string;
  /** Null: the Postgres log. */
  brokers: { addresses: string[]; prefix: string } | null;
  /** How long the handler works before it commits, and before it returns, milliseconds. */
  beforeCommitMs: number;
  afterCommitMs: number;
  /** The email of whose event the process ends at once. */
  diesOf?: string;
  /** Its handler takes many events at once. */
  together?: boolean;
}

const { url, schema, brokers, beforeCommitMs, afterCommitMs, diesOf, together } = JSON.parse(
  process.argv[2] ?? '',
) as ConsumerProcess;
const logger = createLogger('test');
const pool = createPool({ url, schema });
const source = createPool({ url, schema: 'intake' });
const store = new EventStore({ service: 'crypto', cipher: plainCipher });
const log =
  brokers === null
    ? postgresEventLog({ sources: () => source, logger })
    : kafkaEventLog({
        connection: { brokers: brokers.addresses, clientId: 'killed' },
        topics: { prefix: brokers.prefix, partitions: 4, replicationFactor: 1 },
        logger,
      });
const consumer = new Consumer({
  group: schema,
  pool,
  store,
  retry: DEFAULT_RETRY_POLICY,
  logger,
  handlers:
    together === true
      ? {
          names: new Set(['EmailRefused'] as const),
          handleBatch: async (events, context) => {
            process.stdout.write('begun\n');
            if (events.some(({ emailId }) => emailId === diesOf)) process.kill(process.pid, 'SIGKILL');
            await recordEffects(context);
          },
        }
      : new Map([
          [
            'EmailRefused',
            async (context) => {
              process.stdout.write('begun\n');
              if (context.event.emailId === diesOf) process.kill(process.pid, 'SIGKILL');
              await sleep(beforeCommitMs);
              await recordEffect('killed')(context);
              process.stdout.write('committed\n');
              await sleep(afterCommitMs);
            },
          ],
        ]),
});
await startRetryWorker({ pool, consumer, logger, pollMs: 20 });
await log.subscribe({ group: schema, pool, sources: ['intake'], deliver: consumer.deliver });
