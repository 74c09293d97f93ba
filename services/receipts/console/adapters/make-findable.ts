// SPDX-License-Identifier: Apache-2.0
import type { EmailId, SealedEvent, TenantId } from '@securemail/contracts';
import { pause, reasonOf, sleeper, whileLeader } from '@securemail/event-log';
import { inTransaction, type Pool } from '@securemail/event-store';
import { openReadable, type Platform } from '@securemail/service';
import { METRIC, observe, withinTrace } from '@securemail/telemetry';
import { traceparentIn } from '../../adapters/acceptance-trace.ts';
import { findableBy } from '../domain/sought.ts';
import type { DigestOf } from './find-keys.ts';

export interface Indexer {
  /** Looks now instead of at the next round. */
  wake(): void;
  close(): Promise<void>;
}

const ROUND = 200;
/** Damaged emails that the log names at a time. */
const TOLD_AT_ONCE = 20;
/** How often a damaged email is spoken of in the log, milliseconds. */
const SPOKEN_OF_MS = 600_000;
/** How often the log says that it does not get on, milliseconds. */
const STANDS_STILL_MS = 60_000;
/** Of an event, by W3C Trace Context §3.2. */
const TRACE_ID = `substr(event ->> 'traceparent', 4, 32)`;

/**
 * Lets emails be found by what their events say in their personal parts. It comes a moment after the rest: on the way of a
 * mail nothing is decrypted for it.
 */
export function startIndexer(platform: Platform, digestOf: DigestOf, watchMs: number): Indexer {
  const { pool, logger } = platform;
  const closing = new AbortController();
  const { look, sleep, wake } = sleeper();
  /** How many emails the last whole pass could not read; only who leads knows. */
  let unreadable = 0;
  let spokenOf = 0;
  let saidToStandStill = -Infinity;
  const work = async (signal: AbortSignal) => {
    let after: Place | null = null;
    let passed: Unreadable[] = [];
    while (!signal.aborted) {
      look();
      const done: Round | null = await makeFindable(platform, digestOf, after).catch((error: unknown) => {
        if (performance.now() - saidToStandStill > STANDS_STILL_MS) {
          saidToStandStill = performance.now();
          logger.warn({ reason: reasonOf(error) }, 'emails could not be made findable, trying again');
        }
        return null;
      });
      if (done !== null) {
        // Where it stands still again, that is news.
        saidToStandStill = -Infinity;
        passed = [...passed, ...done.unreadable];
        after = done.next;
        if (after !== null) continue;
        unreadable = passed.length;
        if (unreadable > 0 && Date.now() - spokenOf > SPOKEN_OF_MS) {
          spokenOf = Date.now();
          for (const { emailId, traceparent } of passed.slice(0, TOLD_AT_ONCE))
            withinTrace(traceparent, () => {
              logger.error({ emailId }, 'what is kept of an email was changed: it is not made findable');
            });
        }
        passed = [];
      }
      await pause(100, signal);
      await sleep(watchMs, signal);
    }
  };
  const watched = [
    observe(METRIC.emailsUnreadable, () => Promise.resolve([{ value: unreadable, attributes: {} }])),
    // Of what is stored, so that it is told also where nobody comes to lead.
    observe(METRIC.emailsUnfindable, async () => [{ value: await longestUnfindable(pool), attributes: {} }]),
  ];
  const leading = (signal: AbortSignal) =>
    work(signal).finally(() => {
      unreadable = 0;
    });
  const running = whileLeader(pool, 'indexer', closing.signal, leading, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the indexer could not begin, trying again');
  });
  return {
    wake,
    close: async () => {
      for (const each of watched) each.close();
      closing.abort();
      await running;
    },
  };
}

/** For how long the one that waits longest does so, seconds. */
async function longestUnfindable(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>({
    name: 'receipts/longest-unfindable',
    text: `select coalesce(greatest(0, extract(epoch from now() - min(unfindable_since))), 0)::float8 as seconds
      from emails where not findable and unfindable_since is not null`,
  });
  return rows[0]?.seconds ?? 0;
}

/** How far a pass has come. */
interface Place {
  acceptedAt: Date;
  emailId: EmailId;
}

interface Round {
  /** Where the next one goes on; null at the end of the pass. */
  next: Place | null;
  unreadable: Unreadable[];
}

interface Unreadable {
  emailId: EmailId;
  traceparent: string | null;
}

/**
 * One round. What can not be read is passed by, or it would be in the way of all that came after it.
 */
async function makeFindable(
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  digestOf: DigestOf,
  after: Place | null,
): Promise<Round> {
  const { rows: emails } = await pool.query<{ emailId: EmailId; tenantId: TenantId; acceptedAt: Date }>({
    name: 'receipts/not-findable',
    text: `select email_id as "emailId", tenant_id as "tenantId", accepted_at as "acceptedAt" from emails
      where not findable and ($1::timestamptz is null or (accepted_at, email_id) > ($1, $2::uuid))
      order by accepted_at, email_id limit ${ROUND}`,
    values: [after?.acceptedAt ?? null, after?.emailId ?? null],
  });
  if (emails.length === 0) return { next: null, unreadable: [] };
  const emailIds = emails.map(({ emailId }) => emailId);
  const { rows } = await pool.query<{ event: SealedEvent }>({
    name: 'receipts/naming-events',
    text: `select event from history
      where email_id = any($1::uuid[]) and name in ('EmailAccepted', 'EmailReleased')`,
    values: [emailIds],
  });
  const { rows: traced } = await pool.query<{ emailId: EmailId; traceIds: string[] }>({
    name: 'receipts/traces',
    text: `select email_id as "emailId", array_agg(distinct ${TRACE_ID}) as "traceIds" from history
      where email_id = any($1::uuid[]) and ${TRACE_ID} is not null group by 1`,
    values: [emailIds],
  });
  const traces = new Map(traced.map(({ emailId, traceIds }) => [emailId, traceIds]));
  const sealed = Map.groupBy(
    rows.map(({ event }) => event),
    ({ emailId }) => emailId,
  );
  const opened = new Map(
    await Promise.all(
      emailIds.map(
        async (emailId) => [emailId, await openReadable({ store }, sealed.get(emailId) ?? [])] as const,
      ),
    ),
  );
  const unreadable = emailIds.filter((emailId) => (opened.get(emailId)?.unreadable.length ?? 0) > 0);
  const readable = emailIds.filter((emailId) => !unreadable.includes(emailId));
  const found = await Promise.all(
    emails.map(async ({ emailId, tenantId, acceptedAt }) =>
      Promise.all(
        findableBy(opened.get(emailId)?.events ?? [], traces.get(emailId) ?? []).map(async (sought) => ({
          emailId,
          tenantId,
          acceptedAt,
          digest: await digestOf(tenantId, sought),
        })),
      ),
    ),
  );
  const flat = found.flat();
  await inTransaction(pool, async (tx) => {
    await tx.query({
      name: 'receipts/make-findable',
      text: `insert into found_by (tenant_id, digest, accepted_at, email_id)
        select * from unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::uuid[]) on conflict do nothing`,
      values: [
        flat.map(({ tenantId }) => tenantId),
        flat.map(({ digest }) => digest),
        flat.map(({ acceptedAt }) => acceptedAt),
        flat.map(({ emailId }) => emailId),
      ],
    });
    // Once nobody adds to them it is seen whether there is more of one than was looked at: then it is looked at again.
    await tx.query({
      name: 'receipts/lock-findable',
      text: 'select from emails where email_id = any($1::uuid[]) order by email_id for update',
      values: [emailIds],
    });
    // It is told by itself, and would hide for ever that others wait.
    await tx.query({
      name: 'receipts/unreadable',
      text: `update emails set unfindable_since = null
        where email_id = any($1::uuid[]) and unfindable_since is not null`,
      values: [unreadable],
    });
    await tx.query({
      name: 'receipts/findable',
      text: `update emails set findable = true, unfindable_since = null
        from unnest($1::uuid[], $2::int[], $3::int[]) as seen (email_id, events, traces)
        where emails.email_id = seen.email_id and (seen.events, seen.traces) = (
          select count(*) filter (where name in ('EmailAccepted', 'EmailReleased')), count(distinct ${TRACE_ID})
          from history h where h.email_id = seen.email_id)`,
      values: [
        readable,
        readable.map((emailId) => sealed.get(emailId)?.length ?? 0),
        readable.map((emailId) => traces.get(emailId)?.length ?? 0),
      ],
    });
  });
  const last = emails.at(-1);
  return {
    next: emails.length < ROUND || last === undefined ? null : last,
    unreadable: unreadable.map((emailId) => ({
      emailId,
      traceparent: traceparentIn(sealed.get(emailId) ?? []),
    })),
  };
}
