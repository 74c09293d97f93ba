// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { ATTRIBUTE, countFromZero, METRIC, withinTrace } from '@securemail/telemetry';
import { endedBefore, type EndedEmail } from './adapters/ended-emails.ts';
import { eraseEmail, type Erasing, type Retained } from './erase-email.ts';

const ROUND = 200;
/** Erased side by side: each waits for the database more than it works. */
const AT_ONCE = 4;
const A_DAY = 24 * 3_600_000;

/** The end of what is kept for so many days. */
export const keptSince = (now: Date, keepDays: number): Date => new Date(now.getTime() - keepDays * A_DAY);

/** Erases what an organisation keeps for no longer, in one process at a time. */
export function startRetention(
  platform: Platform,
  erasing: Erasing,
  everyMinutes: number,
  clock: () => Date = () => new Date(),
): Closable {
  const { tenants, logger } = platform;
  const closing = new AbortController();
  for (const reason of ['retention', 'request'])
    countFromZero(METRIC.emailsErased, { [ATTRIBUTE.reason]: reason });
  const passes = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      for (const { id: tenantId, retention, mailbox } of tenants.values()) {
        if (retention.keepDays === null) continue;
        const endedBefore = keptSince(clock(), retention.keepDays);
        const retained = { endedBefore, writtenDays: mailbox?.keepDays ?? 0 };
        try {
          const erased = await eraseRetained(platform, erasing, tenantId, retained, signal);
          if (erased > 0)
            logger.info({ tenantId, emails: erased }, 'what was kept for long enough is erased');
        } catch (error) {
          logger.warn({ tenantId, reason: reasonOf(error) }, 'emails could not be erased, trying again');
        }
      }
      await pause(everyMinutes * 60_000, signal);
    }
  };
  const running = whileLeader(erasing.pool, 'retention', closing.signal, passes, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'retention could not begin, trying again');
  });
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** @returns how many were erased. One that fails keeps no other. */
export async function eraseRetained(
  { logger }: Pick<Platform, 'logger'>,
  erasing: Erasing,
  tenantId: TenantId,
  retained: Retained,
  signal: AbortSignal,
): Promise<number> {
  let erased = 0;
  let after: EndedEmail | null = null;
  const eraseOne = async ({ emailId, traceparent }: EndedEmail) => {
    try {
      const { outcome } = await eraseEmail(erasing, { tenantId, emailId }, retained, { now: new Date() });
      if (outcome === 'erased') erased += 1;
    } catch (error) {
      withinTrace(traceparent, () => {
        logger.warn({ emailId, reason: reasonOf(error) }, 'an email could not be erased, trying again');
      });
    }
  };
  while (!signal.aborted) {
    const ended: EndedEmail[] = await endedBefore(erasing.pool, tenantId, retained.endedBefore, {
      after,
      limit: ROUND,
    });
    if (ended.length === 0) break;
    const waiting = ended.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const each of waiting) {
          if (signal.aborted) return;
          await eraseOne(each);
        }
      }),
    );
    after = ended.at(-1) ?? null;
  }
  return erased;
}
