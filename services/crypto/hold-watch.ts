// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { decideAbout } from './adapters/decide.ts';
import { endedHolds } from './adapters/held-emails.ts';
import { end } from './domain/holding.ts';

const AT_ONCE = 100;

/** Ends what was held for so long that nobody decided; one of all replicas looks. */
export function startHoldWatch(platform: Platform, everyMs: number): Closable {
  const { pool, logger } = platform;
  const closing = new AbortController();
  const round = async (): Promise<boolean> => {
    const ended = await endedHolds(pool, new Date(), AT_ONCE);
    for (const held of ended) {
      const decision = await decideAbout(held, platform, end);
      if (decision !== null && 'name' in decision)
        logger.info({ emailId: held.emailId, tenantId: held.tenantId }, 'nobody decided: hold ended');
    }
    return ended.length === AT_ONCE;
  };
  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const more = await round().catch((error: unknown) => {
        logger.warn({ reason: reasonOf(error) }, 'held mail could not be looked at, trying again');
        return false;
      });
      if (!more) await pause(everyMs, signal);
    }
  };
  const running = whileLeader(pool, 'hold-watch', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch over held mail could not begin, trying again');
  });
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
