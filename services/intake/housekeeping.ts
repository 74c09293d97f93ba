// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@securemail/event-log';
import type { Closable, Platform } from '@securemail/service';
import { forgetOld } from './adapters/idempotency-keys.ts';
import { forgetThreads } from './adapters/known-threads.ts';
import { forgetSent } from './adapters/sent-messages.ts';
import { knownEmails } from './adapters/known-emails.ts';

const AN_HOUR = 60 * 60_000;
/**
 * From the end of a put to the append it is a moment. Whoever is held up between the two for a day, and appends all the
 * same, has nobody left to answer: no client waits so long, so its mail is still with the sender.
 */
const A_DAY = 24 * AN_HOUR;
/** Servers give up within days (RFC 5321 §4.5.4.1), and people who look at mail queues within weeks. */
const REPORTS_COME_MS = 30 * A_DAY;
/** Who answers an older mail begins anew. */
const THREADS_ARE_KNOWN_MS = 2 * 365 * A_DAY;

type Kept = Pick<Platform, 'pool' | 'vault' | 'logger'>;

/** Forgets old idempotency keys and threads, contents whose sender broke off, and contents that were never accepted. */
export async function tidy({ pool, vault, logger }: Kept, closing?: AbortSignal): Promise<void> {
  const results = await Promise.allSettled([
    forgetOld(pool, new Date()),
    forgetSent(pool, new Date(Date.now() - REPORTS_COME_MS)),
    forgetThreads(pool, new Date(Date.now() - THREADS_ARE_KNOWN_MS)),
    vault.sweep(new Date(Date.now() - AN_HOUR)),
    removeNeverAccepted({ pool, vault, logger }, closing),
  ]);
  for (const result of results) {
    if (result.status === 'rejected')
      logger.warn({ reason: reasonOf(result.reason) }, 'housekeeping failed, next try in an hour');
  }
}

async function removeNeverAccepted({ pool, vault, logger }: Kept, closing?: AbortSignal): Promise<void> {
  while (closing?.aborted !== true) {
    const { looked, erased } = await vault.sweepUnreferenced({
      olderThanMs: A_DAY,
      areKnown: (emailIds) => knownEmails(pool, emailIds),
    });
    if (erased > 0) logger.info({ contents: erased }, 'removed what was stored and never accepted');
    if (looked === 0) return;
  }
}

/** Tidies up every hour. */
export function startHousekeeping(platform: Kept): Closable {
  const closing = new AbortController();
  let tidying = Promise.resolve();
  const timer = setInterval(() => {
    tidying = tidying.then(() => tidy(platform, closing.signal));
  }, AN_HOUR);
  return {
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await tidying;
    },
  };
}
