// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type EmailId } from '@securemail/contracts';
import type { EventHandler } from './consumer/consumer.ts';
import { listDeadLetters, replayDeadLetters } from './consumer/dead-letters.ts';
import { AwayError, PoisonEventError } from './consumer/failure.ts';
import type { EventLog } from './event-log.ts';
import { effects, recordEffect, recordEffects } from './testing/effects.ts';
import type { ConsumerProcess } from './testing/consumer-process.ts';
import { startConsumerProcess } from './testing/start-consumer-process.ts';
import { openLogWorld, type LogWorld, type TestConsumer } from './testing/log-world.ts';
import { healthOf } from './watchdog.ts';

/** What an adapter has to offer to be tested: logs as processes would open them, and ways to hurt what is below. */
export interface Adapter {
  open(world: LogWorld): EventLog;
  /** Null where there is no broker. */
  brokers(world: LogWorld): ConsumerProcess['brokers'];
  /** Takes away what carries the events. */
  stopBus(world: LogWorld): Promise<void>;
  startBus(world: LogWorld): Promise<void>;
  /** Destroys what the bus has kept, or how far its readers came. */
  wipe(world: LogWorld): Promise<void>;
}

const emails = (count: number) => Array.from({ length: count }, newEmailId);

/** Every event of these emails up to `sequence` once, and in order. */
async function expectOnceInOrder(
  consumer: TestConsumer,
  ids: readonly EmailId[],
  sequence: number,
): Promise<void> {
  const done = await effects(consumer.pool);
  const wanted = Array.from({ length: sequence }, (_, index) => index + 1);
  for (const id of ids) {
    expect(done.filter(({ emailId }) => emailId === id).map((effect) => effect.sequence)).toEqual(wanted);
  }
  expect(done).toHaveLength(ids.length * sequence);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

const effectsOf = (consumer: TestConsumer, count: number) =>
  until(async () => (await effects(consumer.pool)).length >= count);

/** The suite that every adapter of the event log passes. */
export function eventLogContract(adapter: Adapter): void {
  let world: LogWorld;
  let consumer: TestConsumer;
  let logs: EventLog[];

  const open = () => {
    const log = adapter.open(world);
    logs.push(log);
    return log;
  };
  /** As the service that appends does it. */
  const publish = async () => {
    const log = open();
    await log.publish({ service: 'intake', pool: world.source });
  };

  beforeEach(async () => {
    world = await openLogWorld();
    consumer = await world.consumer('crypto');
    logs = [];
    await publish();
  });
  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await world.close();
  });

  it('delivers what was appended before and after the consumer began: once, and in order for each email', async () => {
    const ids = emails(20);
    for (const id of ids) await world.append(id, 2);
    const running = await consumer.start(open(), recordEffect());
    await Promise.all(ids.map((id) => world.append(id)));
    await effectsOf(consumer, 60);
    await expectOnceInOrder(consumer, ids, 3);
    await running.close();
  });

  it('has the personal part and the trace arrive as they were appended', async () => {
    const [sealed] = await world.append(newEmailId());
    const seen: unknown[] = [];
    const running = await consumer.start(open(), async (context) => {
      seen.push(context.event.personal, context.sealed);
      await recordEffect()(context);
    });
    await effectsOf(consumer, 1);
    expect(seen).toEqual([{ mailFrom: 'anna@demo.example' }, sealed]);
    await running.close();
  });

  it('gives a second group everything too', async () => {
    const other = await world.consumer('delivery');
    const ids = emails(5);
    const running = await Promise.all([
      consumer.start(open(), recordEffect()),
      other.start(open(), recordEffect()),
    ]);
    for (const id of ids) await world.append(id);
    await Promise.all([effectsOf(consumer, 5), effectsOf(other, 5)]);
    await expectOnceInOrder(consumer, ids, 1);
    await expectOnceInOrder(other, ids, 1);
    await Promise.all(running.map((each) => each.close()));
  });

  it('loses nothing and repeats nothing when the bus goes away mid-stream and comes back', async () => {
    const ids = emails(30);
    const running = await consumer.start(open(), recordEffect());
    for (const id of ids) await world.append(id);
    await effectsOf(consumer, 1);
    await adapter.stopBus(world);
    await sleep(500);
    await adapter.startBus(world);
    for (const id of ids) await world.append(id);
    await effectsOf(consumer, 60);
    await expectOnceInOrder(consumer, ids, 2);
    await running.close();
  });

  it.each([
    ['before it commits', { beforeCommitMs: 60_000, afterCommitMs: 0 }, 'begun'],
    ['after it has committed', { beforeCommitMs: 0, afterCommitMs: 60_000 }, 'committed'],
  ])('has another member take over from a consumer that is killed %s', async (_when, times, killedAt) => {
    const ids = emails(6);
    for (const id of ids) await world.append(id);
    const child = await startConsumerProcess(
      { url: world.url, schema: 'crypto', brokers: adapter.brokers(world), ...times },
      killedAt,
    );
    child.kill('SIGKILL');
    const running = await consumer.start(open(), recordEffect('survivor'));
    await effectsOf(consumer, 6);
    await expectOnceInOrder(consumer, ids, 1);
    await running.close();
  });

  it('parks the event that ends each process that handles it, and nothing else', async () => {
    const before = emails(20);
    const [deadly] = emails(1);
    const behind = emails(20);
    for (const id of [...before, deadly!, ...behind]) await world.append(id);
    const description = {
      url: world.url,
      schema: 'crypto',
      brokers: adapter.brokers(world),
      beforeCommitMs: 5,
      afterCommitMs: 0,
      diesOf: deadly!,
    };
    for (let process = 1; process <= 3; process += 1) {
      const child = await startConsumerProcess(description, 'begun');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      expect(child.signalCode).toBe('SIGKILL');
      // As where nobody takes over at once.
      await consumer.pool.query('update dead_letters set next_attempt_at = now()');
    }
    const running = await consumer.start(open(), recordEffect());
    await effectsOf(consumer, 40);
    const parked = () => listDeadLetters(consumer.pool, { status: 'parked' });
    await until(async () => (await parked()).length > 0);
    expect(await parked()).toMatchObject([
      { emailId: deadly, reason: 'PoisonEventError: the process ended during each try' },
    ]);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 1);
    await expectOnceInOrder(consumer, [...before, ...behind], 1);
    await running.close();
  });

  it('shares and moves the work as members of a group come and go', async () => {
    const ids = emails(40);
    const slow: EventHandler = async (context) => {
      await sleep(5);
      await recordEffect()(context);
    };
    const first = await consumer.start(open(), slow);
    for (const id of ids.slice(0, 20)) await world.append(id);
    await effectsOf(consumer, 3);
    const second = await consumer.start(open(), slow);
    for (const id of ids.slice(20)) await world.append(id);
    await effectsOf(consumer, 8);
    await first.close();
    await Promise.all(ids.map((id) => world.append(id)));
    await effectsOf(consumer, 80);
    await expectOnceInOrder(consumer, ids, 2);
    await second.close();
  });

  it('parks a poison event with its reason, keeps later events of that email behind it, and lets all others pass', async () => {
    const [poisoned, ...others] = emails(10);
    let cured = false;
    const running = await consumer.start(open(), async (context) => {
      if (!cured && context.event.emailId === poisoned && context.event.sequence === 1) {
        throw new PoisonEventError('the handler can not take it');
      }
      await recordEffect()(context);
    });
    for (const id of [poisoned!, ...others]) await world.append(id, 2);
    await effectsOf(consumer, 18);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 2);
    const letters = await listDeadLetters(consumer.pool);
    expect(letters.map(({ emailId, status }) => [emailId, status])).toEqual([
      [poisoned, 'parked'],
      [poisoned, 'retrying'],
    ]);
    expect(letters[0]!.reason).toBe('PoisonEventError: the handler can not take it');
    await expectOnceInOrder(consumer, others, 2);

    cured = true;
    expect(await replayDeadLetters(consumer.pool, { arrived: letters[0]!.arrived })).toBe(1);
    await effectsOf(consumer, 20);
    await expectOnceInOrder(consumer, [poisoned!, ...others], 2);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 0);
    await running.close();
  });

  it('tries again, later and later, what a passing fault kept from being handled, and parks it in the end', async () => {
    const [passing, lasting] = emails(2);
    const tries: Record<string, number> = {};
    const running = await consumer.start(
      open(),
      async (context) => {
        const { emailId } = context.event;
        tries[emailId] = (tries[emailId] ?? 0) + 1;
        if (emailId === lasting || tries[emailId] < 3)
          throw new TypeError('the text of an error stays inside');
        await recordEffect()(context);
      },
      { attempts: 4 },
    );
    await world.append(passing!);
    await world.append(lasting!);
    await effectsOf(consumer, 1);
    await until(async () => (await listDeadLetters(consumer.pool, { status: 'parked' })).length === 1);
    const [letter] = await listDeadLetters(consumer.pool);
    expect(letter).toMatchObject({ emailId: lasting, attempts: 4, reason: 'TypeError' });
    expect(tries).toEqual({ [passing!]: 3, [lasting!]: 4 });
    await running.close();
  });

  it('tries again for as long as something is away, and never parks for that', async () => {
    const id = newEmailId();
    let tries = 0;
    const running = await consumer.start(
      open(),
      async (context) => {
        tries += 1;
        if (tries <= 5) throw new AwayError('the key is out for lunch');
        await recordEffect()(context);
      },
      { attempts: 2 },
    );
    await world.append(id);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 1);
    const [letter] = await listDeadLetters(consumer.pool);
    expect(letter).toMatchObject({ status: 'retrying', reason: 'AwayError: the key is out for lunch' });
    await effectsOf(consumer, 1);
    expect(tries).toBe(6);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 0);
    await running.close();
  });

  it('parks an event that nobody here knows instead of passing it over', async () => {
    const id = newEmailId();
    await world.appendUnknown(id);
    const running = await consumer.start(open(), recordEffect());
    await until(async () => (await listDeadLetters(consumer.pool, { status: 'parked' })).length === 1);
    const [letter] = await listDeadLetters(consumer.pool);
    expect(letter).toMatchObject({ emailId: id, eventName: 'EmailTeleported' });
    expect(letter!.reason).toContain('UnknownEventError');
    await running.close();
  });

  it('brings many events at once to who wants them so, each once and in order, also through a restart', async () => {
    const ids = emails(40);
    const sizes: number[] = [];
    const start = () =>
      consumer.startTogether(open(), async (events, context) => {
        sizes.push(events.length);
        await recordEffects(context);
      });
    const first = await start();
    for (const id of ids) await world.append(id, 2);
    await until(async () => (await effects(consumer.pool)).length > 0);
    await first.close();
    const second = await start();
    for (const id of ids) await world.append(id, 2);
    await effectsOf(consumer, 160);
    await expectOnceInOrder(consumer, ids, 4);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    await second.close();
  });

  it('finds the one event of many that can not be handled, and only its email waits', async () => {
    const [poisoned, newer, ...others] = emails(10);
    const running = await consumer.startTogether(open(), async (events, context) => {
      if (events.some(({ emailId, sequence }) => emailId === poisoned && sequence === 2))
        throw new PoisonEventError('the second is poison');
      await recordEffects(context);
    });
    await world.append(poisoned!, 3);
    await world.append(newer!);
    await world.appendUnknown(newer!);
    await world.append(newer!);
    for (const id of others) await world.append(id, 2);
    await effectsOf(consumer, 2 + others.length * 2);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 4);
    const letters = await listDeadLetters(consumer.pool);
    expect(letters.filter(({ status }) => status === 'parked').map(({ emailId }) => emailId)).toEqual(
      expect.arrayContaining([poisoned, newer]),
    );
    const done = await effects(consumer.pool);
    for (const id of [poisoned, newer])
      expect(done.filter(({ emailId }) => emailId === id).map(({ sequence }) => sequence)).toEqual([1]);
    await running.close();
  });

  it('fills itself again from the tables after it was wiped, and nothing happens twice', async () => {
    const ids = emails(15);
    const running = await consumer.start(open(), recordEffect());
    for (const id of ids) await world.append(id);
    await effectsOf(consumer, 15);
    await adapter.wipe(world);
    await Promise.all(ids.map((id) => world.append(id)));
    await effectsOf(consumer, 30);
    const late = await world.consumer('delivery');
    const lateRunning = await late.start(open(), recordEffect());
    await effectsOf(late, 30);
    await expectOnceInOrder(consumer, ids, 2);
    await expectOnceInOrder(late, ids, 2);
    await Promise.all([running.close(), lateRunning.close()]);
  });

  it('carries more at once, and a larger event, than a broker takes that nobody has set up', async () => {
    const [many, large] = emails(2);
    await world.append(many!, 400, 28_000);
    await world.append(large!, 1, 1_200_000);
    const running = await consumer.start(open(), recordEffect());
    await effectsOf(consumer, 401);
    const done = await effects(consumer.pool);
    expect(done.filter(({ emailId }) => emailId === many).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 400 }, (_, index) => index + 1),
    );
    await running.close();
  });

  it('goes on past an event that takes long, while its email waits for it', async () => {
    const [long, ...others] = emails(20);
    const ready = Promise.withResolvers<undefined>();
    let progressed = () => {};
    const running = await consumer.start(
      open(),
      async (context) => {
        if (context.event.emailId === long && context.event.sequence === 1) {
          progressed = context.progressed;
          await ready.promise;
        }
        await recordEffect()(context);
      },
      { setAsideAfterMs: 100 },
    );
    await world.append(long!, 2);
    for (const id of others) await world.append(id, 2);
    await effectsOf(consumer, 38);
    await expectOnceInOrder(consumer, others, 2);
    await until(async () => (await running.progress()).behind === 0);

    const { behind, lastProgressAt } = await running.retries.progress();
    expect(behind).toBe(1);
    await sleep(20);
    progressed();
    expect((await running.retries.progress()).lastProgressAt.getTime()).toBeGreaterThan(
      lastProgressAt.getTime(),
    );

    ready.resolve(undefined);
    await effectsOf(consumer, 40);
    await expectOnceInOrder(consumer, [long!, ...others], 2);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 0);
    await running.close();
  });

  it('tries again what took long and failed, as it does all else', async () => {
    const id = newEmailId();
    let tries = 0;
    const running = await consumer.start(
      open(),
      async (context) => {
        tries += 1;
        if (tries > 1) return recordEffect()(context);
        await sleep(300);
        throw new TypeError('a passing fault');
      },
      { setAsideAfterMs: 50 },
    );
    await world.append(id);
    await effectsOf(consumer, 1);
    expect(tries).toBe(2);
    await until(async () => (await listDeadLetters(consumer.pool)).length === 0);
    await running.close();
  });

  it('waits for what was set aside before it closes', async () => {
    const running = await consumer.start(
      open(),
      async (context) => {
        await sleep(600);
        await recordEffect()(context);
      },
      { setAsideAfterMs: 50 },
    );
    await world.append(newEmailId());
    await until(async () => (await running.retries.progress()).behind === 1);
    await running.close();
    expect(await effects(consumer.pool)).toHaveLength(1);
    expect(await listDeadLetters(consumer.pool)).toEqual([]);
  });

  it('tells a consumer that stands still with work before it from one that has nothing to do', async () => {
    const stuck = Promise.withResolvers<undefined>();
    const running = await consumer.start(open(), async (context) => {
      await stuck.promise;
      await recordEffect()(context);
    });
    const alive = async (inMs: number) =>
      (
        await healthOf(new Map([['consumer', running]]), {
          now: new Date(Date.now() + inMs),
          stalledAfterMs: 60_000,
        })
      ).alive;
    expect(await alive(120_000)).toBe(true);
    await world.append(newEmailId());
    await until(async () => (await running.progress()).behind > 0);
    expect(await alive(0)).toBe(true);
    expect(await alive(120_000)).toBe(false);
    stuck.resolve(undefined);
    await effectsOf(consumer, 1);
    await until(async () => (await running.progress()).behind === 0);
    expect(await alive(120_000)).toBe(true);
    await running.close();
  });

  it('knows until when all was dealt with, whoever asks, and not what has not been', async () => {
    const stuck = Promise.withResolvers<undefined>();
    let isStuck = true;
    let begun = 0;
    const handler: EventHandler = async (context) => {
      begun += 1;
      if (isStuck) await stuck.promise;
      await recordEffect()(context);
    };
    const running = await consumer.start(open(), handler, { setAsideAfterMs: 60_000 });
    // Another process than the one that does the work.
    const reach = open().reachOf({ group: 'crypto', pool: consumer.pool, sources: ['intake'] });
    const looks = async () => {
      const seen = await reach.look().catch(() => null);
      return Math.min(...[seen, ...(seen?.behind.values() ?? [])].map((of) => of?.until?.getTime() ?? 0));
    };
    await world.append(newEmailId());
    await until(() => Promise.resolve(begun > 0));
    const appendedAt = Date.now();
    const lookedUntil = Date.now() + (adapter.brokers(world) === null ? 2_000 : 20_000);
    while (Date.now() < lookedUntil && (await looks()) === 0) await sleep(200);
    expect(await looks()).toBeLessThan(appendedAt);
    isStuck = false;
    stuck.resolve(undefined);
    await until(async () => (await looks()) > appendedAt);
    // Also while more and more comes.
    const more = new AbortController();
    const appending = (async () => {
      while (!more.signal.aborted) await world.append(newEmailId());
    })();
    const since = Date.now();
    await until(async () => (await looks()) > since);
    more.abort();
    await appending;
    await running.close();
    await reach.close();
  }, 90_000);

  it('finishes what is in hand before it closes, and begins nothing more', async () => {
    const ids = emails(5);
    let begun = 0;
    const running = await consumer.start(open(), async (context) => {
      begun += 1;
      await sleep(300);
      await recordEffect()(context);
    });
    for (const id of ids) await world.append(id);
    await until(() => Promise.resolve(begun > 0));
    await running.close();
    const begunAtClose = begun;
    expect(await effects(consumer.pool)).toHaveLength(begunAtClose);
    await sleep(500);
    expect(begun).toBe(begunAtClose);
  });
}
