// SPDX-License-Identifier: Apache-2.0
import type { EmailId, SealedEvent, TenantId } from '@securemail/contracts';
import { pause, reasonOf, sleeper, whileLeader } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { findableBy } from '../domain/sought.ts';
import type { DigestOf } from './find-keys.ts';

export interface Indexer {
  /** Looks now instead of at the next round. */
  wake(): void;
  close(): Promise<void>;
}

const ROUND = 200;
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
  const work = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      look();
      const done = await makeFindable(platform, digestOf).catch((error: unknown) => {
        logger.warn({ reason: reasonOf(error) }, 'emails could not be made findable, trying again');
        return 0;
      });
      if (done === ROUND) continue;
      await pause(100, signal);
      await sleep(watchMs, signal);
    }
  };
  const running = whileLeader(pool, 'indexer', closing.signal, work, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the indexer could not begin, trying again');
  });
  return {
    wake,
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** @returns how many emails were made findable. */
async function makeFindable(
  { pool, store }: Pick<Platform, 'pool' | 'store'>,
  digestOf: DigestOf,
): Promise<number> {
  const { rows: emails } = await pool.query<{ emailId: EmailId; tenantId: TenantId; acceptedAt: Date }>({
    name: 'receipts/not-findable',
    text: `select email_id as "emailId", tenant_id as "tenantId", accepted_at as "acceptedAt" from emails
      where not findable order by accepted_at limit ${ROUND}`,
  });
  if (emails.length === 0) return 0;
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
  const events = await Promise.all(rows.map(({ event }) => store.open(event)));
  const histories = Map.groupBy(events, ({ emailId }) => emailId);
  const found = await Promise.all(
    emails.map(async ({ emailId, tenantId, acceptedAt }) =>
      Promise.all(
        findableBy(histories.get(emailId) ?? [], traces.get(emailId) ?? []).map(async (sought) => ({
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
    await tx.query({
      name: 'receipts/findable',
      text: `update emails set findable = true
        from unnest($1::uuid[], $2::int[], $3::int[]) as seen (email_id, events, traces)
        where emails.email_id = seen.email_id and (seen.events, seen.traces) = (
          select count(*) filter (where name in ('EmailAccepted', 'EmailReleased')), count(distinct ${TRACE_ID})
          from history h where h.email_id = seen.email_id)`,
      values: [
        emailIds,
        emailIds.map((emailId) => histories.get(emailId)?.length ?? 0),
        emailIds.map((emailId) => traces.get(emailId)?.length ?? 0),
      ],
    });
  });
  return emails.length;
}
