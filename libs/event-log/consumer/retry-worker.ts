// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';
import type { Logger } from '@securemail/telemetry';
import { pause } from '../backoff.ts';
import type { Running } from '../event-log.ts';
import type { Consumer } from './consumer.ts';
import { replayDeadLetters, takeDue, type DeadLetter } from './dead-letters.ts';
import { reasonOf } from './failure.ts';
import { LEASE_MS } from './letters-in-hand.ts';

export interface RetryWorkerOptions {
  pool: Pool;
  consumer: Consumer;
  logger: Logger;
  pollMs?: number;
}

/**
 * Tries again what could not be handled, without holding up the log. Letters parked because this release did not
 * know their type are tried once more at start: a newer release may.
 */
export async function startRetryWorker(options: RetryWorkerOptions): Promise<Running> {
  const { pool, consumer, logger, pollMs = 250 } = options;
  const { letters } = consumer;
  const closing = new AbortController();
  await replayDeadLetters(pool, { reasonPrefix: 'UnknownEventError' });

  const begin = ({ arrival, arrived, attempts, endings }: DeadLetter) => {
    if (arrival.kind === 'unreadable') return;
    const { event } = arrival;
    void letters.carry(
      { arrived, event, attempts },
      consumer.handleAgain(event, { arrived, attempts, endings }),
    );
  };

  const run = async () => {
    while (!closing.signal.aborted) {
      try {
        // Half of them: what takes long meanwhile finds one, too.
        const free = Math.ceil(letters.free / 2);
        const taken = await letters.reserving(free, async () => {
          const due = await takeDue(pool, LEASE_MS, free, letters.held);
          for (const letter of due) begin(letter);
          return due.length;
        });
        if (taken < free || free === 0) await pause(pollMs, closing.signal);
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, 'dead letters could not be read');
        await pause(1_000, closing.signal);
      }
    }
  };
  const running = run();
  return {
    progress: () => Promise.resolve(letters.progress()),
    close: async () => {
      closing.abort();
      await running;
      await letters.close();
    },
  };
}
