// SPDX-License-Identifier: Apache-2.0
import {
  newEmailId,
  TenantId,
  type EmailId,
  type EventName,
  type NewEvent,
  type SealedEvent,
} from '@securemail/contracts';
import { createPool, EventStore, migrateEventStore, type Pool } from '@securemail/event-store';
import { createLogger, type Logger } from '@securemail/telemetry';
import { createDatabase } from '@securemail/testing';
import { Consumer, type BatchHandler, type EventHandler, type Handlers } from '../consumer/consumer.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../consumer/failure.ts';
import { startRetryWorker } from '../consumer/retry-worker.ts';
import type { EventLog, Running } from '../event-log.ts';
import { migrateConsumer } from '../migrate.ts';
import { signalAppended } from '../postgres/wake-up.ts';
import { createEffects } from './effects.ts';
import { plainCipher } from './plain-cipher.ts';

const tenantId = TenantId.parse('acme');
/** With so many octets, and some more. */
const eventOf = (octets: number): NewEvent => ({
  name: 'EmailRefused',
  data: {
    channel: 'rest',
    submittedBy: 'k'.repeat(octets),
    reason: 'not-secure',
    guards: [],
    refusedAt: '2026-01-01T00:00:00.000Z',
  },
  personal: { mailFrom: 'anna@demo.example' },
});

/** A consuming service of a test: its schema, and what it did. */
export interface TestConsumer {
  pool: Pool;
  /** Begins to consume; several of one group may. */
  start(log: EventLog, handler: EventHandler, patience?: Patience): Promise<RunningConsumer>;
  /** The same with a handler that takes many events at once. */
  startTogether(log: EventLog, handleBatch: BatchHandler, patience?: Patience): Promise<RunningConsumer>;
}

type Patience = Partial<RetryPolicy> & { setAsideAfterMs?: number };

export interface RunningConsumer extends Running {
  /** What is tried again or was set aside. */
  retries: Running;
}

export interface LogWorld {
  url: string;
  /** The schema whose events are carried. */
  source: Pool;
  append(emailId: EmailId, count?: number, octets?: number): Promise<SealedEvent[]>;
  /** In the trace that this names. */
  appendIn(traceparent: string, emailId: EmailId): Promise<void>;
  /** As a newer release would append it. */
  appendUnknown(emailId: EmailId): Promise<void>;
  /** @param carefulFor so many events after its start are written down before they are handled. */
  consumer(schema: 'crypto' | 'delivery', carefulFor?: number): Promise<TestConsumer>;
  close(): Promise<void>;
}

/** A database with an `intake` that appends, and consumers that can be begun and ended at will. */
export async function openLogWorld(logger: Logger = createLogger('test')): Promise<LogWorld> {
  const url = await createDatabase();
  await migrateEventStore({ url, schema: 'intake' });
  await migrateConsumer({ url, schema: 'intake' });
  const source = createPool({ url, schema: 'intake' });
  const store = new EventStore({ service: 'intake', cipher: plainCipher });
  const pools = [source];

  return {
    url,
    source,
    async append(emailId, count = 1, octets = 0) {
      const events = Array<NewEvent>(count).fill(eventOf(octets));
      const appended = await store.append(source, { emailId, tenantId }, 'any', events);
      signalAppended('intake');
      return appended;
    },
    async appendIn(traceparent, emailId) {
      await store.append(source, { emailId, tenantId }, 'any', [eventOf(0)], { traceparent });
      signalAppended('intake');
    },
    async appendUnknown(emailId) {
      await source.query(
        `insert into events (email_id, tenant_id, sequence, id, name, version, source, time, data)
         select $1, 'acme', coalesce(max(sequence), 0) + 1, $2, 'EmailTeleported', 1, 'intake', now(), '{}' from events where email_id = $1`,
        [emailId, newEmailId()],
      );
    },
    async consumer(schema, carefulFor = 30) {
      await migrateConsumer({ url, schema });
      const pool = createPool({ url, schema });
      pools.push(pool);
      await createEffects(pool);
      const begin = async (log: EventLog, handlers: Handlers, patience: Patience = {}) => {
        const { setAsideAfterMs = 5_000, ...policy } = patience;
        const retry = { ...DEFAULT_RETRY_POLICY, firstMs: 20, longestMs: 200, ...policy };
        const consumer = new Consumer({
          group: schema,
          pool,
          store,
          handlers,
          retry,
          logger,
          setAsideAfterMs,
          carefulFor,
        });
        const retries = await startRetryWorker({ pool, consumer, logger, pollMs: 20 });
        const running = await log.subscribe({
          group: schema,
          pool,
          sources: ['intake'],
          deliver: consumer.deliver,
          ...('handleBatch' in handlers ? { lingerMs: 20 } : {}),
        });
        return {
          retries,
          progress: () => running.progress(),
          close: async () => {
            await running.close();
            await retries.close();
          },
        };
      };
      return {
        pool,
        start: (log, handler, policy) =>
          begin(log, new Map<EventName, EventHandler>([['EmailRefused', handler]]), policy),
        startTogether: (log, handleBatch, policy) =>
          begin(log, { names: new Set<EventName>(['EmailRefused']), handleBatch }, policy),
      };
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}
