// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';
import type { Logger } from '@securemail/telemetry';
import { pause, waitAfter } from '../backoff.ts';
import type { Running } from '../event-log.ts';
import type { Consumer } from './consumer.ts';
import { recordFailure, remove, replayDeadLetters, takeDue, type DeadLetter } from './dead-letters.ts';
import { isHopeless, reasonOf, type RetryPolicy } from './failure.ts';

export interface RetryWorkerOptions {
  pool: Pool;
  consumer: Consumer;
  retry: RetryPolicy;
  logger: Logger;
  pollMs?: number;
  clock?: () => Date;
}

/** No handler takes longer; a letter whose worker died is taken up again after it. */
const LEASE_MS = 10 * 60_000;

/**
 * Tries again what could not be handled, without holding up the log. Letters parked because this release did not
 * know their type are tried once more at start: a newer release may.
 */
export async function startRetryWorker(options: RetryWorkerOptions): Promise<Running> {
  const { pool, consumer, retry, logger, pollMs = 250, clock = () => new Date() } = options;
  const closing = new AbortController();
  let progress = { behind: 0, lastProgressAt: clock() };
  await replayDeadLetters(pool, { reasonPrefix: 'UnknownEventError' }, clock());

  const tryAgain = async (letter: DeadLetter) => {
    if (letter.arrival.kind === 'unreadable') return;
    try {
      await consumer.handle([letter.arrival.event], (tx) => remove(tx, letter.arrived));
      // Where another delivery had been handled already, the transaction above left no trace.
      await remove(pool, letter.arrived);
    } catch (error) {
      const now = clock();
      const attempts = letter.attempts + 1;
      const parked = isHopeless(error) || attempts >= retry.attempts;
      const reason = reasonOf(error);
      logger[parked ? 'error' : 'warn'](
        { eventId: letter.eventId, emailId: letter.emailId, event: letter.eventName, reason, attempts },
        parked ? 'dead letter: parked until a person replays it' : 'event not handled',
      );
      await recordFailure(pool, letter.arrived, {
        status: parked ? 'parked' : 'retrying',
        reason,
        now,
        nextAttemptAt: new Date(now.getTime() + waitAfter(attempts, retry)),
      });
    }
  };

  const run = async () => {
    while (!closing.signal.aborted) {
      try {
        const now = clock();
        const due = await takeDue(pool, now, new Date(now.getTime() + LEASE_MS), 16);
        progress = { behind: due.length, lastProgressAt: clock() };
        await Promise.all(due.map(tryAgain));
        progress = { behind: 0, lastProgressAt: clock() };
        if (due.length === 0) await pause(pollMs, closing.signal);
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, 'dead letters could not be read');
        await pause(1_000, closing.signal);
      }
    }
  };
  const running = run();
  return {
    progress: () => Promise.resolve(progress),
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
