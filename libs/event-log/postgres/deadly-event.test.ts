// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { listDeadLetters } from '../consumer/dead-letters.ts';
import { effects } from '../testing/effects.ts';
import { openLogWorld } from '../testing/log-world.ts';
import { startConsumerProcess } from '../testing/start-consumer-process.ts';

/** Each process that the event ends takes some seconds to begin. */
const PATIENCE_MS = 900_000;

it(
  'of very many events that are handled together the one that ends each process is found, and parked',
  async () => {
    const world = await openLogWorld();
    const consumer = await world.consumer('crypto');
    const deadly = newEmailId();
    for (let count = 0; count < 260; count += 1) await world.append(newEmailId());
    await world.append(deadly);
    for (let count = 0; count < 40; count += 1) await world.append(newEmailId());
    const description = {
      url: world.url,
      schema: 'crypto',
      brokers: null,
      beforeCommitMs: 0,
      afterCommitMs: 0,
      diesOf: deadly,
      together: true,
    };
    const parked = () => listDeadLetters(consumer.pool, { status: 'parked' });
    for (;;) {
      const child = await startConsumerProcess(description, '');
      const ended = once(child, 'exit').then(() => true);
      while (!(await Promise.race([ended, sleep(100).then(() => false)]))) {
        if ((await parked()).length > 0 && (await effects(consumer.pool)).length === 300)
          child.kill('SIGKILL');
      }
      if ((await parked()).length > 0 && (await effects(consumer.pool)).length === 300) break;
      // As where nobody takes over at once.
      await consumer.pool.query('update dead_letters set next_attempt_at = now()');
    }
    expect(await parked()).toMatchObject([{ emailId: deadly }]);
    await world.close();
  },
  PATIENCE_MS,
);
