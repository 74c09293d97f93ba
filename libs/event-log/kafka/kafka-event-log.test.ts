// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { createLogger } from '@securemail/telemetry';
import { startKafka, type RunningKafka } from '@securemail/testing';
import { eventLogContract } from '../event-log.contract.ts';
import { openLogWorld, type LogWorld } from '../testing/log-world.ts';
import { connectKafka } from './connection.ts';
import { kafkaEventLog } from './kafka-event-log.ts';
import { topicOf } from './topics.ts';

let kafka: RunningKafka;
beforeAll(async () => {
  kafka = await startKafka();
}, 600_000);
afterAll(() => kafka.stop());

describe('the event log on Kafka', () => {
  const logger = createLogger('test');
  const prefixes = new WeakMap<LogWorld, string>();
  const topicsOf = (world: LogWorld) => {
    const prefix = prefixes.get(world) ?? `t${randomUUID()}`;
    prefixes.set(world, prefix);
    return { prefix, partitions: 4, replicationFactor: 1 };
  };

  eventLogContract({
    open: (world) =>
      kafkaEventLog({
        connection: { brokers: kafka.brokers, clientId: 'test' },
        topics: topicsOf(world),
        logger,
        wipeCheckMs: 200,
      }),
    brokers: (world) => ({ addresses: kafka.brokers, prefix: topicsOf(world).prefix }),
    stopBus: () => kafka.stopBroker(),
    startBus: () => kafka.startBroker(),
    wipe: async (world) => {
      const admin = connectKafka({ brokers: kafka.brokers, clientId: 'wiper' }, logger).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topicOf(topicsOf(world), 'intake')] });
      await admin.disconnect();
    },
  });

  it('says how much waits, although its broker was away when it was first asked', async () => {
    const world = await openLogWorld();
    const { pool } = await world.consumer('crypto');
    await kafka.stopBroker();
    const connection = { brokers: kafka.brokers, clientId: 'test' };
    const log = kafkaEventLog({ connection, topics: topicsOf(world), logger });
    const deliver = () => Promise.resolve();
    const running = await log.subscribe({ group: 'crypto', pool, sources: ['intake'], deliver });
    await expect(running.progress()).rejects.toThrow();
    await kafka.startBroker();
    const asked = () => running.progress().catch(() => null);
    let progress = await asked();
    while (progress === null) progress = await asked();
    expect(progress.behind).toBe(0);
    await log.close();
    await world.close();
  });
});
