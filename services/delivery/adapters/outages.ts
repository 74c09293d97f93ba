// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, waitAfter } from '@securemail/event-log';
import { isUnavailable } from '@securemail/event-store';
import type { Logger } from '@securemail/telemetry';

export interface OutagesOptions {
  logger: Pick<Logger, 'warn'>;
  /** How long a lease lasts, milliseconds. */
  leaseMs: number;
  /** Given when the worker is to end. */
  closing: AbortSignal;
  /** From then on, or from the beginning of some work where that is later, it is tried so long, milliseconds. */
  afterCloseMs: number;
}

/** What a worker knows of times when the database is away, and how it gets over them. */
export interface Outages {
  /** To be told what went wrong. */
  notice: (error: unknown) => void;
  /**
   * Whether the database was away within the time of a lease. Leases run out meanwhile although nobody died: who
   * holds one renews it, or records what came of the attempt, within that time of its return.
   */
  justOver: () => boolean;
  /**
   * Does work again and again, waiting longer each time, until the database lets it. Whether an attempt before was
   * committed and only its answer lost is for the work to find out.
   *
   * @throws whatever no return of the database can mend, at once; its absence, some time after the worker is to end.
   */
  outlast: <T>(work: () => Promise<T>) => Promise<T>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
/** Another transaction was in the way (SQLSTATE 40001, 40P01): nothing was done. */
const IN_THE_WAY = /^40(001|P01)$/;

export function outages({ logger, leaseMs, closing, afterCloseMs }: OutagesOptions): Outages {
  // Several tries within a lease: see justOver.
  const backoff = { firstMs: FIRST_PAUSE_MS, longestMs: Math.min(LONGEST_PAUSE_MS, leaseMs / 3) };
  let lastSeen = -Infinity;
  const notice = (error: unknown) => {
    if (isUnavailable(error)) lastSeen = performance.now();
  };
  return {
    notice,
    justOver: () => performance.now() - lastSeen < leaseMs,
    async outlast(work) {
      let until = Infinity;
      for (let tries = 1; ; tries += 1) {
        if (closing.aborted) until = Math.min(until, performance.now() + afterCloseMs);
        try {
          return await work();
        } catch (error) {
          notice(error);
          if (!mayPass(error) || performance.now() >= until) throw error;
          logger.warn({ reason: reasonOf(error), tries }, 'the database is away, trying again');
        }
        await pause(waitAfter(tries, backoff));
      }
    },
  };
}

const mayPass = (error: unknown): boolean =>
  isUnavailable(error) ||
  (error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    IN_THE_WAY.test(error.code));
