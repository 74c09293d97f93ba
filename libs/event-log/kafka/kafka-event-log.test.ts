// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, newEventId, toCloudEvent } from '@securemail/contracts';
import { createLogger } from '@securemail/telemetry';
import { startKafka, type RunningKafka } from '@securemail/testing';
import { listDeadLetters } from '../consumer/dead-letters.ts';
import { eventLogContract } from '../event-log.contract.ts';
import { effects, recordEffect } from '../testing/effects.ts';
import { openLogWorld, type LogWorld } from '../testing/log-world.ts';
import { healthOf } from '../watchdog.ts';
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

  it('parks what a stranger put into the topic and no table can hold, and goes on', async () => {
    const world = await openLogWorld();
    const consumer = await world.consumer('crypto');
    const connection = { brokers: kafka.brokers, clientId: 'test' };
    const log = kafkaEventLog({ connection, topics: topicsOf(world), logger });
    await log.publish({ service: 'intake', pool: world.source });
    const running = await consumer.start(log, recordEffect());
    const [event] = await world.append(newEmailId());
    const stranger = connectKafka({ brokers: kafka.brokers, clientId: 'stranger' }, logger).producer();
    await stranger.connect();
    const forged = { ...event!, id: newEventId(), emailId: newEmailId(), data: { reason: 'a\u0000b' } };
    await stranger.send({
      topic: topicOf(topicsOf(world), 'intake'),
      messages: [toCloudEvent(forged), toCloudEvent({ ...forged, id: newEventId(), traceparent: '\u0000' })],
    });
    while ((await listDeadLetters(consumer.pool)).length < 2) await sleep(20);
    await world.append(newEmailId());
    while ((await effects(consumer.pool)).length < 2) await sleep(20);
    expect((await listDeadLetters(consumer.pool)).map(({ status }) => status)).toEqual(['parked', 'parked']);
    await running.close();
    await stranger.disconnect();
    await log.close();
    await world.close();
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

  it('says of two relays the same, and that neither stands still for what the broker does not take', async () => {
    const world = await openLogWorld();
    const connection = { brokers: kafka.brokers, clientId: 'test' };
    const logs = [1, 2].map(() => kafkaEventLog({ connection, topics: topicsOf(world), logger }));
    const relays = await Promise.all(
      logs.map((log) => log.publish({ service: 'intake', pool: world.source })),
    );
    const waiting = async () => Promise.all(relays.map(async (relay) => (await relay.progress()).behind));
    const until = async (behind: number) => {
      while ((await waiting()).some((each) => each !== behind)) await sleep(50);
    };
    await world.append(newEmailId());
    await until(0);
    await kafka.stopBroker();
    await world.append(newEmailId());
    await until(1);
    const parts = new Map(relays.map((relay, at) => [`relay ${at}`, relay]));
    await sleep(1_000);
    const health = await healthOf(parts, { now: new Date(Date.now() + 500), stalledAfterMs: 700 });
    expect(health).toMatchObject({ alive: true, parts: [{ behind: 1 }, { behind: 1 }] });
    await kafka.startBroker();
    // Whoever leads now: the other one has nothing to be behind with.
    await until(0);
    await Promise.all(logs.map((log) => log.close()));
    await world.close();
  });
});
