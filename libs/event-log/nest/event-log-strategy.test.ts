// SPDX-License-Identifier: Apache-2.0
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { newEmailId, type DomainEvent } from '@securemail/contracts';
import { EventStore } from '@securemail/event-store';
import { createLogger, startTelemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDeadLetters } from '../consumer/dead-letters.ts';
import type { EventContext } from '../consumer/event-context.ts';
import { PoisonEventError } from '../consumer/failure.ts';
import { postgresEventLog } from '../postgres/postgres-event-log.ts';
import { effects, recordEffect } from '../testing/effects.ts';
import { openLogWorld, type LogWorld, type TestConsumer } from '../testing/log-world.ts';
import { plainCipher } from '../testing/plain-cipher.ts';
import { EventLogStrategy } from './event-log-strategy.ts';
import { HandlesEvent } from './handles-event.ts';

@Controller()
class Recording {
  @HandlesEvent('EmailRefused')
  async onRefused(event: DomainEvent<'EmailRefused'>, context: EventContext): Promise<void> {
    if (event.sequence === 2) throw new PoisonEventError('the second is poison');
    await recordEffect(event.data.reason)(context);
  }
}

@Controller()
class Waiting {
  static goOn = (): void => undefined;
  static readonly told = new Promise<void>((resolve) => (Waiting.goOn = resolve));

  @HandlesEvent('EmailRefused')
  async onRefused(_event: DomainEvent<'EmailRefused'>, _context: EventContext): Promise<void> {
    await Waiting.told;
  }
}

@Controller()
class Mistaken {
  @EventPattern('EmailTeleported')
  onTeleported(_event: unknown): void {
    // Never called: no such event exists.
  }
}

let world: LogWorld;
let consumer: TestConsumer;

beforeEach(async () => {
  world = await openLogWorld();
  consumer = await world.consumer('crypto');
});
afterEach(() => world.close());

async function listen(controller: Type) {
  @Module({ controllers: [controller] })
  class TestModule {}
  const logger = createLogger('test');
  const log = postgresEventLog({ sources: () => world.source, logger });
  const store = new EventStore({ service: 'crypto', cipher: plainCipher });
  const strategy = new EventLogStrategy({ service: 'crypto', pool: consumer.pool, store, log, logger });
  const application = await NestFactory.create(TestModule, { logger: false, abortOnError: false });
  application.connectMicroservice({ strategy });
  const close = async () => {
    await strategy.close();
    await application.close();
  };
  try {
    await application.startAllMicroservices();
  } catch (error) {
    await close();
    throw error;
  }
  return { strategy, close };
}

describe('the event log under Nest', () => {
  it('calls the method for the event, with the event and its context, and keeps the kind of its error', async () => {
    const { strategy, close } = await listen(Recording);
    await world.append(newEmailId(), 3);
    let letters = await listDeadLetters(consumer.pool);
    for (; letters.length < 2; letters = await listDeadLetters(consumer.pool)) await sleep(20);
    expect(await effects(consumer.pool)).toMatchObject([{ sequence: 1, handler: 'not-secure' }]);
    expect(letters[0]).toMatchObject({ status: 'parked', reason: 'PoisonEventError: the second is poison' });
    const health = await strategy.health();
    expect(health.parts.map(({ name }) => name)).toEqual(['relay', 'retries', 'consumer']);
    expect(health.alive).toBe(true);
    await close();
  });

  it('shows what waits, and parked letters, to who collects metrics, until it is closed', async () => {
    const metrics = new CollectedMetrics();
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
    const { close } = await listen(Recording);
    const deadLetters = async (): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await metrics.points('securemail.event_log.dead_letters')).map(({ attributes, value }) => [
          String(attributes['securemail.dead_letter.status']),
          value,
        ]),
      );
    expect(await deadLetters()).toEqual({ retrying: 0, parked: 0 });
    await world.append(newEmailId(), 3);
    while ((await listDeadLetters(consumer.pool)).length < 2) await sleep(20);
    expect(await deadLetters()).toEqual({ retrying: 1, parked: 1 });
    const lag = (part: string) =>
      metrics.value('securemail.event_log.lag', {
        'securemail.service': 'crypto',
        'securemail.event_log.part': part,
      });
    while ((await lag('consumer')) !== 0) await sleep(20);
    expect(await lag('relay')).toBe(0);
    expect(await lag('retries')).toBe(0);
    await close();
    await consumer.pool.query('delete from dead_letters');
    expect(await deadLetters()).toEqual({ retrying: 1, parked: 1 });
    await telemetry.shutdown();
  });

  it('shows an event that is in hand as one that waits', async () => {
    const metrics = new CollectedMetrics();
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
    const { close } = await listen(Waiting);
    await world.append(newEmailId());
    const lag = { 'securemail.service': 'crypto', 'securemail.event_log.part': 'consumer' };
    while ((await metrics.value('securemail.event_log.lag', lag)) !== 1) await sleep(20);
    Waiting.goOn();
    while ((await metrics.value('securemail.event_log.lag', lag)) !== 0) await sleep(20);
    await close();
    await telemetry.shutdown();
  });

  it('does not start where a method waits for an event that the catalogue does not have', async () => {
    await expect(listen(Mistaken)).rejects.toThrow(/'EmailTeleported'.* names no event/);
  });
});
