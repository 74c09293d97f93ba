// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { withinTrace } from '@securemail/telemetry';
import { decideAbout } from './adapters/decide.ts';
import { endedHolds, findHeld, type HeldEmail } from './adapters/held-emails.ts';
import { end } from './domain/holding.ts';

const AT_ONCE = 100;

/** Ends what was held for so long that nobody decided; one of all replicas looks. */
export function startHoldWatch(platform: Platform, everyMs: number): Closable {
  const { pool, logger } = platform;
  const closing = new AbortController();
  /** It may have been released and held anew while others before it were ended. */
  const isOver = async ({ emailId, tenantId }: HeldEmail): Promise<boolean> => {
    const now = await findHeld(pool, emailId, tenantId);
    return now !== null && now.endsAt <= new Date();
  };
  /** @returns whether something was decided. */
  const endOne = async (held: HeldEmail): Promise<boolean> => {
    const { emailId, tenantId } = held;
    try {
      const decision = await decideAbout(held, platform, async (holding) =>
        (await isOver(held)) ? end(holding) : null,
      );
      if (decision === null || !('name' in decision)) return false;
      logger.info({ emailId, tenantId }, 'nobody decided: hold ended');
      return true;
    } catch (error) {
      // It must not stand before all others.
      logger.error({ emailId, tenantId, reason: reasonOf(error) }, 'a hold could not be ended');
      return false;
    }
  };
  const round = async (): Promise<boolean> => {
    const ended = await endedHolds(pool, new Date(), AT_ONCE);
    let decided = 0;
    for (const held of ended) if (await withinTrace(traceparentOf(held), () => endOne(held))) decided += 1;
    return decided > 0 && ended.length === AT_ONCE;
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

const traceparentOf = ({ acceptance, unknownOutcomes }: HeldEmail): string | null =>
  acceptance?.traceparent ?? unknownOutcomes[0]?.traceparent ?? null;
