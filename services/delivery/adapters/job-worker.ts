// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from 'node:events';
import { SpanKind } from '@opentelemetry/api';
import { newAttemptId, type DomainEvent } from '@securemail/contracts';
import { pause, reasonOf, sleeper } from '@securemail/event-log';
import { openOutside, ownServersOf, type Platform } from '@securemail/service';
import { ATTRIBUTE, METRIC, observe, reached, withinTrace, withSpan } from '@securemail/telemetry';
import {
  allUnknown,
  conclude,
  expire,
  recover,
  start,
  type AttemptOutcome,
  type RetryRules,
} from '../domain/attempt.ts';
import { routeOfLane } from '../domain/own-lane.ts';
import { rulesAfterUnknown } from '../domain/unknown-outcomes.ts';
import type { DeliverySettings } from '../settings.ts';
import {
  claimJobs,
  countJobs,
  waitingSince,
  LeaseLostError,
  make,
  noteFullLanes,
  openingAttempt,
  renewing,
  settling,
  type Claim,
  type StoredJob,
} from './jobs.ts';
import { attempt, firstHopOf, handoverOf, senderOf } from './attempt.ts';
import { attributesOf, countAttempt, countAttemptsFromZero } from './attempt-telemetry.ts';
import { readDkimKeys, warnOfRecords } from './dkim-keys.ts';
import { signedHandover } from './dkim-signing.ts';
import { failingHops } from './failing-hops.ts';
import type { Handover } from './handover.ts';
import { idleSessions } from './idle-sessions.ts';
import { outages as outagesOf } from './outages.ts';
import { Places, type Place } from './places.ts';
import { proofLog } from './proof-log.ts';
import { record } from './record.ts';
import { ownMailServers, serversOf, type Routed, type RoutingFailure } from './routes.ts';
import type { TlsSessions } from './tls-sessions.ts';

export interface JobWorker {
  /** Looks for work now instead of at the next poll. */
  wake(): void;
  /** Takes no more work, and waits for what is in hand: a while, and longer only for the answers to final dots. */
  close(): Promise<void>;
}

/** What is delivered, by the event that asked for it; where it isn't here, it is a protected message. */
const KINDS: Readonly<Record<string, string>> = {
  ReceiptIssued: 'receipt',
  MailboxMessageDeposited: 'mailbox notification',
  MailboxCodeIssued: 'mailbox code',
  MailboxNoticeIssued: 'mailbox notice',
};

/** Nothing of the kind mends itself. */
const WANTS_A_PERSON: ReadonlySet<RoutingFailure> = new Set([
  'tls-not-enforceable',
  'authorities-unreadable',
  'route-unknown',
]);

const IDLE_POLL_MS = 250;
const FULL_LANES_EVERY_MS = 1_000;
/** So long an attempt may go on when delivery is to stop; who runs us gives half a minute as a rule. */
const STOP_AFTER_MS = 10_000;
/** Much comes and ends at the same time: a short breath lets one look serve several jobs. */
const BREATH_MS = 10;

/** Takes due jobs from the table under leases, and carries each through one attempt. */
export function startJobWorker(
  platform: Platform,
  settings: DeliverySettings,
  sessions?: TlsSessions,
  clock: () => Date = () => new Date(),
): JobWorker {
  const { pool, store, vault, logger, tenants, policies } = platform;
  const outside = openOutside(platform.settings.outside);
  const dkimKeys = readDkimKeys(tenants.values());
  void warnOfRecords(dkimKeys, { outside, logger });
  const closing = new AbortController();
  const stopped = new AbortController();
  // Every attempt listens.
  setMaxListeners(0, stopped.signal);
  const inHand = new Set<Promise<void>>();
  const places = new Places(settings.concurrency);
  const failing = failingHops();
  const proof = proofLog(logger);
  const { look, sleep, wake } = sleeper();
  const leaseMs = settings.leaseSeconds * 1_000;
  const outages = outagesOf({
    logger,
    leaseMs,
    closing: closing.signal,
    afterCloseMs: STOP_AFTER_MS,
  });
  const recording = { pool, store, outages };
  const idle = idleSessions(settings.idleConnectionSeconds * 1_000);
  const times = {
    hostname: settings.hostname,
    connectTimeoutMs: settings.connectTimeoutSeconds * 1_000,
    openTimeoutMs: (settings.connectTimeoutSeconds + settings.replyTimeoutSeconds) * 1_000,
    replyTimeoutMs: settings.replyTimeoutSeconds * 1_000,
    finalDotTimeoutMs: settings.finalDotTimeoutSeconds * 1_000,
    stopped: stopped.signal,
  };

  const whenOutcomeUnknown = (job: StoredJob, event: DomainEvent): RetryRules['whenOutcomeUnknown'] => {
    // A mail of our own that comes twice confuses nobody; one that is held is somebody who is never told.
    if (event.name in KINDS) return 'send-again';
    const tenant = tenants.get(job.tenantId);
    return tenant === undefined ? 'hold' : policies.of(tenant, senderOf(event)).whenOutcomeUnknown;
  };
  const rulesFor = (job: StoredJob, event: DomainEvent): RetryRules => ({
    retrySeconds: settings.retrySeconds,
    ...lastsFor(event, settings),
    whenOutcomeUnknown: whenOutcomeUnknown(job, event),
  });

  /** What came of earlier attempts is in the email's stream; it is read in the rare case that it counts. */
  const rulesGiven = async (
    job: StoredJob,
    results: AttemptOutcome['results'],
    rules: RetryRules,
  ): Promise<RetryRules> =>
    results.some(({ result }) => result.kind === 'unknown')
      ? rulesAfterUnknown(job, await store.readStream(pool, job.emailId), rules)
      : rules;

  const { routes } = platform.settings.outside;
  const route = (job: StoredJob, { mustVerify }: Handover): Promise<Routed> => {
    const tenant = tenants.get(job.tenantId);
    if (!job.ownMailServers) return serversOf(job.lane, mustVerify, { routes, outside, tenant });
    return ownMailServers(ownServersOf(tenant, routeOfLane(job.lane)));
  };

  const carry = async (job: StoredJob, place: Place) => {
    reached('delivery:job-claimed');
    const event = await store.open(job.event);
    const rules = rulesFor(job, event);
    if (job.openAttempt !== null) {
      const given = await rulesGiven(job, allUnknown(job), rules);
      const { events, remaining } = recover(job, job.openAttempt, given, clock());
      await record(recording, job, events, settling(job, remaining));
      countAttempt(allUnknown(job));
      return;
    }
    const unsigned = handoverOf(event, job, vault);
    if (unsigned === null) {
      // Erased: there is nobody left to send it to. Or it is not for mail servers.
      await make(pool, settling(job, null));
      return;
    }
    const keys = job.ownMailServers ? [] : (dkimKeys.get(job.tenantId) ?? []);
    const handover = signedHandover(unsigned, keys, new Date(event.time));
    const expired = expire(job, rules, clock());
    if (expired !== null) {
      await record(recording, job, [expired], settling(job, null));
      return;
    }
    const attemptId = newAttemptId();
    const routed = failing.inOrder(await route(job, handover));
    if (routed.kind === 'nowhere' && WANTS_A_PERSON.has(routed.failure))
      proof.failed(job.lane, routed.failure, job.emailId);
    const started = start(job, attemptId, firstHopOf(routed));
    const recorded = await record(recording, job, [started], openingAttempt(job, attemptId, leaseMs));
    // Then somebody may have taken the job over meanwhile, and said of our attempt what they could know.
    if (recorded === 'before') await outages.outlast(() => make(pool, renewing(job, leaseMs)));
    reached('delivery:attempt-recorded');
    const outcome = await withSpan(
      'securemail.delivery',
      'SMTP hand over',
      { kind: SpanKind.CLIENT, attributes: { [ATTRIBUTE.attemptOrdinal]: job.attempts + 1 } },
      async (span) => {
        const tried = await attempt(routed, handover, {
          times,
          idle,
          failing,
          greeted: place.greeted,
          proof: {
            failed: (server, reason) => {
              proof.failed(server, reason, job.emailId);
            },
            proved: proof.proved,
          },
          sessions,
        });
        span.setAttributes(attributesOf(tried));
        return tried;
      },
    );
    reached('delivery:handed-over');
    const given = await outages.outlast(() => rulesGiven(job, outcome.results, rules));
    const { events, remaining } = conclude(job, attemptId, outcome, given, clock());
    await record(recording, job, events, settling(job, remaining));
    reached('delivery:outcome-recorded');
    countAttempt(outcome.results);
  };

  const carryUnderLease = async (job: StoredJob, place: Place) => {
    const renewal = setInterval(() => {
      make(pool, renewing(job, leaseMs)).catch((error: unknown) => {
        outages.notice(error);
        // Whoever records next is told; or the job is done, and nobody has to be.
        if (error instanceof LeaseLostError) return;
        logger.warn({ emailId: job.emailId, reason: reasonOf(error) }, 'lease not renewed');
      });
    }, leaseMs / 3);
    const attributes = { [ATTRIBUTE.emailId]: job.emailId, [ATTRIBUTE.tenantId]: job.tenantId };
    try {
      await withSpan(
        'securemail.delivery',
        `deliver ${KINDS[job.event.name] ?? 'protected message'}`,
        { kind: SpanKind.INTERNAL, attributes, parent: job.event.traceparent },
        () => carry(job, place),
      );
    } catch (error) {
      // The lease runs out and the job is taken up again; where an attempt stands open, as one of unknown outcome.
      const level = error instanceof LeaseLostError ? 'warn' : 'error';
      logger[level]({ emailId: job.emailId, reason: reasonOf(error) }, 'job interrupted');
    } finally {
      clearInterval(renewal);
    }
  };

  let lookedForFullLanesAt = 0;
  const lookForFullLanes = async () => {
    if (Date.now() < lookedForFullLanesAt + FULL_LANES_EVERY_MS) return;
    lookedForFullLanesAt = Date.now();
    await noteFullLanes(pool, settings.perDomainConcurrency).catch((error: unknown) => {
      outages.notice(error);
      logger.warn({ reason: reasonOf(error) }, 'it is not known which domains are full');
    });
  };

  const run = async () => {
    while (!closing.signal.aborted) {
      look();
      await lookForFullLanes();
      for (const job of await claim({ outside: places.free('outside'), own: places.free('own') })) {
        const place = places.take(job.ownMailServers ? 'own' : 'outside');
        // What the log says outside of its spans belongs to the email's trace, too.
        const carried = withinTrace(job.event.traceparent, () => carryUnderLease(job, place));
        const work = carried.finally(() => {
          place.leave();
          inHand.delete(work);
          wake();
        });
        inHand.add(work);
      }
      if (await sleep(IDLE_POLL_MS, closing.signal)) await pause(BREATH_MS, closing.signal);
    }
  };

  const claim = async (limit: Claim['limit']): Promise<StoredJob[]> => {
    if (limit.own <= 0 && limit.outside <= 0) return [];
    try {
      return await claimJobs(pool, {
        now: clock(),
        leaseMs,
        limit,
        perLane: settings.perDomainConcurrency,
        takeOver: !outages.justOver(),
      });
    } catch (error) {
      outages.notice(error);
      logger.warn({ reason: reasonOf(error) }, 'jobs could not be read');
      await pause(1_000, closing.signal);
      return [];
    }
  };

  const running = run();
  countAttemptsFromZero();
  const gauge = observe(METRIC.jobs, async () => {
    const { ready, putOff } = await countJobs(pool);
    return [
      { value: ready, attributes: { [ATTRIBUTE.jobStatus]: 'ready' } },
      { value: putOff, attributes: { [ATTRIBUTE.jobStatus]: 'put-off' } },
    ];
  });
  const waiting = observe(METRIC.jobsWaiting, async () => {
    const now = clock();
    const since = await waitingSince(pool, { now, perLane: settings.perDomainConcurrency });
    const ageOf = (at: Date | null) => (at === null ? 0 : (now.getTime() - at.getTime()) / 1_000);
    return [
      { value: ageOf(since.forUs), attributes: { [ATTRIBUTE.reason]: 'none' } },
      { value: ageOf(since.forPlace), attributes: { [ATTRIBUTE.reason]: 'no-place' } },
    ];
  });
  return {
    wake,
    close: async () => {
      gauge.close();
      waiting.close();
      closing.abort();
      const patience = setTimeout(() => {
        stopped.abort();
      }, STOP_AFTER_MS);
      await running;
      if (inHand.size > 0) logger.info({ attempts: inHand.size }, 'waiting for attempts in hand');
      await Promise.all(inHand);
      clearTimeout(patience);
      idle.close();
    },
  };
}

/** How long it is tried. A code or a notice as long as it counts; a notification no longer than its message can be read. */
function lastsFor(
  { name, data }: DomainEvent,
  { giveUpAfterHours }: { giveUpAfterHours: number },
): Pick<RetryRules, 'giveUpAfterHours' | 'worthlessAt'> {
  if (name === 'MailboxCodeIssued' || name === 'MailboxNoticeIssued')
    return { giveUpAfterHours: Infinity, worthlessAt: new Date(data.expiresAt) };
  return { giveUpAfterHours, worthlessAt: name === 'MailboxMessageDeposited' ? new Date(data.endsAt) : null };
}
