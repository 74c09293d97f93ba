// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, newEventId } from '@securemail/contracts';
import { createLogger } from '@securemail/telemetry';
import { postgresEventLog } from '../postgres/postgres-event-log.ts';
import { effects, recordEffect, recordEffects } from '../testing/effects.ts';
import { openLogWorld, type LogWorld, type TestConsumer } from '../testing/log-world.ts';
import { keep, listDeadLetters, takeDue } from './dead-letters.ts';
import type { BatchHandler, EventHandler } from './consumer.ts';
import { DEFAULT_RETRY_POLICY } from './failure.ts';

async function inWorld(
  handler: EventHandler,
  test: (world: LogWorld, consumer: TestConsumer) => Promise<void>,
): Promise<void> {
  const world = await openLogWorld();
  const consumer = await world.consumer('crypto');
  const log = postgresEventLog({ sources: () => world.source, logger: createLogger('test') });
  const running = await consumer.start(log, handler);
  try {
    await test(world, consumer);
  } finally {
    await running.close();
    await log.close();
    await world.close();
  }
}

const letterless = async (consumer: TestConsumer) => {
  while ((await listDeadLetters(consumer.pool)).length > 0) await sleep(20);
};

it('a letter for an event whose effect is there after all is dropped, and its handler does not run again', async () => {
  let runs = 0;
  const counting: EventHandler = async (context) => {
    runs += 1;
    await recordEffect()(context);
  };
  await inWorld(counting, async (world, consumer) => {
    const [event] = await world.append(newEmailId());
    while ((await effects(consumer.pool)).length === 0) await sleep(20);
    const letter = { arrival: { kind: 'event' as const, event: event! }, status: 'retrying' as const };
    await keep(consumer.pool, { ...letter, reason: 'lost answer', attempts: 1, waitMs: 0 });
    await letterless(consumer);
    expect(runs).toBe(1);
  });
});

it('a failure that can not be written down, for its table is away, is written down once it is back', async () => {
  let tries = 0;
  let takeTableAway = () => Promise.resolve();
  const failing: EventHandler = async (context) => {
    tries += 1;
    if (tries > 2) return recordEffect()(context);
    if (tries === 2) await takeTableAway();
    throw new TypeError('a fault');
  };
  await inWorld(failing, async (world, consumer) => {
    takeTableAway = async () => {
      await consumer.pool.query('alter table dead_letters rename to elsewhere');
    };
    await world.append(newEmailId());
    while (tries < 2) await sleep(20);
    await sleep(500);
    await consumer.pool.query('alter table elsewhere rename to dead_letters');
    while ((await effects(consumer.pool)).length === 0) await sleep(20);
    await letterless(consumer);
    expect(tries).toBe(3);
  });
});

it('what has been due for longest is taken first, whatever arrived before it', async () => {
  const world = await openLogWorld();
  const { pool } = await world.consumer('crypto');
  const letters: number[] = [];
  for (const secondsDue of [1, 20, 10]) {
    const [event] = await world.append(newEmailId());
    const arrival = { kind: 'event' as const, event: event! };
    const arrived = await keep(pool, {
      arrival,
      status: 'retrying',
      reason: 'AwayError',
      attempts: 1,
      waitMs: 0,
    });
    await pool.query(
      `update dead_letters set next_attempt_at = now() - $2 * interval '1 s' where arrived = $1`,
      [arrived, secondsDue],
    );
    letters.push(arrived!);
  }
  const [first, second, third] = letters;
  for (const next of [second, third, first])
    expect((await takeDue(pool, 60_000, 1)).map(({ arrived }) => arrived)).toEqual([next]);
  await world.close();
});

it('a letter whose process ended during each try is parked', async () => {
  await inWorld(recordEffect(), async (world, consumer) => {
    const event = { ...(await world.append(newEmailId()))[0]!, id: newEventId() };
    await keep(consumer.pool, {
      arrival: { kind: 'event', event },
      status: 'retrying',
      reason: 'takes long',
      attempts: DEFAULT_RETRY_POLICY.attempts,
      waitMs: 0,
    });
    const parked = () => listDeadLetters(consumer.pool, { status: 'parked' });
    while ((await parked()).length === 0) await sleep(20);
    expect((await parked())[0]?.reason).toBe('PoisonEventError: the process ended during each try');
  });
});

describe('what waits behind an event that failed', () => {
  /** Has so many events of one email wait behind the first of them. @returns how many the handler got at each try then. */
  async function behindAFault(
    count: number,
    fails: (places: readonly number[]) => boolean,
  ): Promise<number[]> {
    const tries: number[] = [];
    let isOpen = false;
    const world = await openLogWorld();
    const consumer = await world.consumer('crypto');
    const log = postgresEventLog({ sources: () => world.source, logger: createLogger('test') });
    const handler: BatchHandler = async (_, context) => {
      if (!isOpen) throw new TypeError('a fault');
      const places = context.sealedEvents.map(({ sequence }) => sequence);
      tries.push(places.length);
      if (fails(places)) throw new TypeError('another fault');
      await recordEffects(context);
    };
    // So late a second try that all others wait behind by then.
    const running = await consumer.startTogether(log, handler, { firstMs: 1_000, longestMs: 1_000 });
    try {
      await world.append(newEmailId(), count);
      while ((await listDeadLetters(consumer.pool, { limit: 1_000 })).length < count) await sleep(20);
      isOpen = true;
      await letterless(consumer);
      const made = await effects(consumer.pool);
      expect(made.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      return tries;
    } finally {
      await running.close();
      await log.close();
      await world.close();
    }
  }

  it('is handled together with it, in order, where the handler takes many at once', async () => {
    expect(await behindAFault(300, () => false)).toEqual([257, 43]);
  });

  it('is handled one by one where that fails, each once', async () => {
    const tries = await behindAFault(40, (places) => places.length > 1 && places.includes(7));
    expect(tries).toEqual([40, ...Array<number>(40).fill(1)]);
  });
});
