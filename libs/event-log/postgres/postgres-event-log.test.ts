// SPDX-License-Identifier: Apache-2.0
import pg from 'pg';
import { newEmailId } from '@securemail/contracts';
import { createLogger, startTelemetry } from '@securemail/telemetry';
import { CollectedMetrics, shutDatabase } from '@securemail/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { showLag } from '../consumer/gauges.ts';
import { eventLogContract } from '../event-log.contract.ts';
import { openLogWorld, type LogWorld } from '../testing/log-world.ts';
import { waitingAfter } from '../waiting.ts';
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

describe('what waits for a group, as each of its members tells it', () => {
  let world: LogWorld;
  beforeEach(async () => (world = await openLogWorld()));
  afterEach(() => world.close());

  it('rises where nobody leads, as the lock lies with a session whose host is lost, and is 0 once somebody does', async () => {
    const metrics = new CollectedMetrics();
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
    const consumer = await world.consumer('crypto');
    const lost = new pg.Client(world.url);
    await lost.connect();
    await lost.query(`select pg_advisory_lock(hashtextextended('crypto<intake', 0))`);
    const logs = [1, 2].map(() =>
      postgresEventLog({ sources: () => world.source, logger: createLogger('test') }),
    );
    const members = await Promise.all(
      logs.map((log) =>
        log.subscribe({
          group: 'crypto',
          pool: consumer.pool,
          sources: ['intake'],
          deliver: () => Promise.resolve(),
        }),
      ),
    );
    const shown = members.map((member, index) => showLag('crypto', `consumer ${index}`, member));
    const lags = () =>
      Promise.all(
        members.map((_, index) =>
          metrics.value('securemail.event_log.lag', {
            'securemail.service': 'crypto',
            'securemail.event_log.part': `consumer ${index}`,
          }),
        ),
      );
    expect(await lags()).toEqual([0, 0]);
    await world.append(newEmailId(), 3);
    expect(await lags()).toEqual([3, 3]);
    await world.append(newEmailId());
    expect(await lags()).toEqual([4, 4]);
    // It is nothing that a restart of theirs would mend.
    for (const member of members) expect((await member.progress()).behind).toBe(0);

    await lost.end();
    while ((await lags()).some((lag) => lag !== 0)) await sleep(50);
    for (const gauge of shown) gauge.close();
    await Promise.all(logs.map((log) => log.close()));
    await telemetry.shutdown();
  });

  it('is what lies behind its checkpoint, all of it where that is of another epoch, and about that where it is much', async () => {
    const [first] = await world.append(newEmailId(), 8);
    const { rows } = await world.source.query<{ epoch: string; txid: string; position: string }>(
      'select p.epoch, e.txid, e.position from event_epoch p, events e where e.id = $1',
      [first!.id],
    );
    const checkpoint = rows[0]!;
    expect(await waitingAfter(world.source, null)).toBe(8);
    expect(await waitingAfter(world.source, checkpoint)).toBe(7);
    expect(await waitingAfter(world.source, { ...checkpoint, epoch: newEmailId() })).toBe(8);
    expect(await waitingAfter(world.source, checkpoint, 4)).toBe(7);
  });
});
