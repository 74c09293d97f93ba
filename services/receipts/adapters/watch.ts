// SPDX-License-Identifier: Apache-2.0
import { SERVICES, type EmailId } from '@securemail/contracts';
import { pause, reasonOf, sleeper, whileLeader } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import { ATTRIBUTE, METRIC, observe, withinTrace } from '@securemail/telemetry';
import { beginSight, evolveSight, knownUntil } from '../domain/known-until.ts';
import { STAGES } from '../domain/stages.ts';
import type { ReceiptsSettings } from '../settings.ts';
import { issueDigests } from './digests.ts';
import { measureFromZero } from './measure.ts';
import {
  emailsOwedAReceipt,
  emailsPastDeadline,
  emailsTakingLong,
  emailsToRemindOf,
  emailsWithNews,
  nobodyToTell,
  whatIsWaitedFor,
  type FoundOwed,
  type Look,
} from './projection.ts';
import { teller, type Telling } from './telling.ts';

export interface Watch {
  /** Looks now instead of at the next round. */
  wake(): void;
  close(): Promise<void>;
}

const ROUND = 50;
/** Digests are no hurry: they are looked for in one of so many times. */
const DIGESTS_EVERY = 20;

/**
 * Looks for emails whose sender is to be told something: every recipient settled, somebody held, decided
 * about or refused, some time or the deadline gone by.
 * What was not heard of by some time is not judged before all is heard that was said until then: receipts may have been away
 * while everything else went well.
 * What it finds stands in the database, so a crash between settling and telling is made up for at the next round.
 */
export function startWatch(
  platform: Platform,
  settings: ReceiptsSettings,
  { prover, forwardings }: Pick<Telling, 'prover' | 'forwardings'>,
  clock: () => Date = () => new Date(),
): Watch {
  const { service, pool, log, tenants, logger } = platform;
  const { watchMs, interimAfterMinutes, gatherSeconds } = settings;
  const closing = new AbortController();
  const { look, sleep, wake } = sleeper();
  /** Emails not to be looked at again before a time, milliseconds since 1970. */
  const setAside = new Map<EmailId, number>();
  const tell = teller(platform, { settings, clock, prover, forwardings });

  /** What did not happen until then. */
  const whatTookTime = (until: Date, looked: Look) => {
    const before = (seconds: number) => new Date(until.getTime() - seconds * 1_000);
    return [
      emailsPastDeadline(pool, until, looked),
      emailsToRemindOf(pool, until, looked),
      emailsTakingLong(pool, before(interimAfterMinutes * 60), looked),
      emailsWithNews(pool, before(gatherSeconds), looked),
    ];
  };

  const tellOf = async ({ emailId, tenantId }: FoundOwed, knownAt: Date | null) => {
    try {
      if (!(await tell({ emailId, tenantId }, knownAt))) {
        await nobodyToTell(pool, emailId);
        logger.warn({ emailId }, 'there is nobody to be told any more');
      }
      // The projection says so a moment later; until then the email need not be looked at again.
      setAside.set(emailId, clock().getTime() + 2_000);
    } catch (error) {
      setAside.set(emailId, clock().getTime() + 5_000);
      logger.error({ emailId, reason: reasonOf(error) }, 'the sender could not be told, trying again');
    }
  };

  /** @param knownAt until when all is heard that happened; null: that is not known. */
  const round = async (knownAt: Date | null) => {
    const now = clock();
    for (const [emailId, until] of setAside) if (until < now.getTime()) setAside.delete(emailId);
    const looked = { limit: ROUND, tenants: [...tenants.keys()], except: [...setAside.keys()] };
    const owedNow = emailsOwedAReceipt(pool, looked);
    const found = await Promise.all(
      knownAt === null ? [owedNow] : [owedNow, ...whatTookTime(knownAt, looked)],
    );
    // What takes long may have missed its deadline, too.
    const owed = new Map(found.flat().map((each) => [each.emailId, each]));
    await Promise.all(
      [...owed.values()].map((each) => withinTrace(each.traceparent, () => tellOf(each, knownAt))),
    );
  };

  const watchOver = async (signal: AbortSignal) => {
    const guarded = (work: Promise<void>) =>
      work.catch((error: unknown) => {
        logger.warn({ reason: reasonOf(error) }, 'the watch could not look, trying again');
      });
    const reach = log.reachOf({ group: service, pool, sources: SERVICES });
    let sight = beginSight(clock());
    const see = async () => {
      const seen = await reach.look().catch((error: unknown) => {
        logger.debug({ reason: reasonOf(error) }, 'how much is to be heard is not known');
        return null;
      });
      sight = evolveSight(sight, seen, clock());
      return knownUntil(sight, clock());
    };
    let digestsAt = 0;
    while (!signal.aborted) {
      look();
      await guarded(round(await see()));
      if (digestsAt < Date.now()) {
        await guarded(issueDigests(platform, clock()));
        digestsAt = Date.now() + DIGESTS_EVERY * watchMs;
      }
      // Many events end in few emails: a short breath lets one look serve several.
      await pause(25, signal);
      await sleep(watchMs, signal);
    }
    await reach.close();
  };
  measureFromZero();
  // One of all replicas: what the others would compose and store would be thrown away.
  const running = whileLeader(pool, 'watch', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch could not begin, trying again');
  });
  /** One look for both gauges: they are collected at the same time. */
  let looking: ReturnType<typeof whatIsWaitedFor> | null = null;
  const lookedFor = () =>
    (looking ??= whatIsWaitedFor(pool, [...tenants.keys()]).finally(() => {
      looking = null;
    }));
  const watched = [
    observe(METRIC.oldestAge, async () => {
      const found = await lookedFor();
      const ageOf = (since = clock()) => Math.max(0, clock().getTime() - since.getTime()) / 1_000;
      return STAGES.map((stage) => ({
        value: ageOf(found.get(stage)?.since),
        attributes: { [ATTRIBUTE.stage]: stage },
      }));
    }),
    observe(METRIC.unfinished, async () => {
      const found = await lookedFor();
      return STAGES.map((stage) => ({
        value: found.get(stage)?.emails ?? 0,
        attributes: { [ATTRIBUTE.stage]: stage },
      }));
    }),
  ];
  return {
    wake,
    close: async () => {
      for (const gauge of watched) gauge.close();
      closing.abort();
      await running;
    },
  };
}
