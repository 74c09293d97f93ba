// SPDX-License-Identifier: Apache-2.0
import { randomUUID, type UUID } from 'node:crypto';
import type {
  AttemptId,
  EmailId,
  ProtectedMessageId,
  RecipientId,
  SealedEvent,
  TenantId,
} from '@securemail/contracts';
import type { AppendOptions, Pool, Transaction } from '@securemail/event-store';

/** A row of the work table: what is to be handed over, to whom, and how far it came. */
export interface StoredJob {
  jobId: UUID;
  /** Of this claim alone: who claims the job again, be it the same process, has another one. */
  lease: UUID;
  emailId: EmailId;
  tenantId: TenantId;
  protectedMessageId: ProtectedMessageId;
  recipientIds: RecipientId[];
  lane: string;
  ownMailServers: boolean;
  event: SealedEvent;
  attempts: number;
  openAttempt: AttemptId | null;
  createdAt: Date;
  /** Since when it could have been tried and waited for a place in its lane; null where it did not, or as long as we did. */
  placeSince: Date | null;
}

export type NewJob = Omit<
  StoredJob,
  'jobId' | 'lease' | 'attempts' | 'openAttempt' | 'createdAt' | 'placeSince'
>;

export async function addJobs(tx: Transaction, jobs: readonly NewJob[], now: Date): Promise<void> {
  await tx.query({
    name: 'delivery/add-jobs',
    text: `insert into jobs (job_id, email_id, tenant_id, protected_message_id, recipient_ids, lane, own_mail_servers, event, created_at, due_at, ready)
      select job.id, job.email_id, job.tenant_id, job.message_id,
        array(select jsonb_array_elements_text(job.recipient_ids)), job.lane, job.own, job.event, $9, $9, true
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::boolean[], $8::jsonb[])
        as job (id, email_id, tenant_id, message_id, recipient_ids, lane, own, event)`,
    values: [
      jobs.map(() => randomUUID()),
      jobs.map(({ emailId }) => emailId),
      jobs.map(({ tenantId }) => tenantId),
      jobs.map(({ protectedMessageId }) => protectedMessageId),
      // Postgres arrays of arrays must all be of one length.
      jobs.map(({ recipientIds }) => JSON.stringify(recipientIds)),
      jobs.map(({ lane }) => lane),
      jobs.map(({ ownMailServers }) => ownMailServers),
      jobs.map(({ event }) => JSON.stringify(event)),
      now,
    ],
  });
}

export interface Claim {
  now: Date;
  leaseMs: number;
  /** How many at most to servers outside, and how many to the tenants' own. */
  limit: { outside: number; own: number };
  perLane: number;
  /** Whether jobs are taken, too, whose attempt stands open: of a worker that died, most likely. */
  takeOver: boolean;
}

/**
 * Takes due jobs that nobody works on, no more of a lane than `perLane` at once, counting what others have in hand.
 * A lease that has run out counts as nobody; the clock of the database says so, for workers' clocks differ. Lanes with
 * less in hand come first, so that a long queue for a silent server stands before nobody else. It looks at the heads of
 * the lanes and not at what waits behind them, so that a long queue after an outage costs no more than a short one; and
 * at no lane of which nothing is due.
 */
export async function claimJobs(pool: Pool, claim: Claim): Promise<StoredJob[]> {
  for (let times = 0; times < 5 && (await makeReady(pool, claim.now)) === READY_AT_ONCE; times += 1);
  return claimReady(pool, claim);
}

/** So few that the planner reads them in their order; of more, after a long standstill, the next looks take care. */
const READY_AT_ONCE = 1_000;

/**
 * Notes whose time has come. Arrays, here and below: where the planner expects many rows it would read the whole table.
 *
 * @returns how many.
 */
async function makeReady(pool: Pool, now: Date): Promise<number> {
  const { rowCount } = await pool.query({
    name: 'delivery/make-ready',
    text: `update jobs set ready = true where job_id = any(array(
        select job_id from jobs where not ready and due_at <= $1 order by due_at limit $2 for update skip locked
      ))`,
    values: [now, READY_AT_ONCE],
  });
  return rowCount ?? 0;
}

/** Each lane with something ready, found by steps along the index, and how many of it are worked on. */
const LANES = `with recursive lanes as (
        (select lane from jobs where ready order by lane limit 1)
        union all
        select following.lane from lanes,
          lateral (select lane from jobs where ready and jobs.lane > lanes.lane order by lane limit 1) following
      ), busy as (
        select lane, count(*)::int as jobs from jobs where leased_until > now() group by lane
      )`;

/** Of a lane that was full: somebody has looked at it since not long ago. */
const IS_KNOWN = `(full_lanes.seen_at > now() - interval '10 seconds')`;

async function claimReady(
  pool: Pool,
  { now, leaseMs, limit, perLane, takeOver }: Claim,
): Promise<StoredJob[]> {
  const { rows } = await pool.query<StoredJob>({
    name: 'delivery/claim',
    text: `${LANES}, heads as (
        select head.job_id, head.own_mail_servers,
          row_number() over (partition by head.own_mail_servers order by head.place, head.due_at) as rank
        from lanes left join busy using (lane),
          lateral (
            select job_id, own_mail_servers, due_at,
              coalesce(busy.jobs, 0) + row_number() over (order by due_at) as place
            from jobs
            where ready and jobs.lane = lanes.lane and due_at <= $2 and (leased_until is null or leased_until <= now())
              and (open_attempt is null or $7)
            order by due_at limit $6
          ) head
        where place <= $6
      ), chosen as (
        select job_id from jobs
        where job_id = any(array(
            select job_id from heads where rank <= case when own_mail_servers then $5::int else $4::int end
          )) and (leased_until is null or leased_until <= now())
        for update skip locked
      )
      update jobs set leased_by = $1, leased_until = now() + $3 * interval '1 millisecond'
      where job_id = any(array(select job_id from chosen))
      returning jobs.job_id as "jobId", leased_by as lease, email_id as "emailId", tenant_id as "tenantId",
        protected_message_id as "protectedMessageId", recipient_ids as "recipientIds", lane,
        own_mail_servers as "ownMailServers", event, attempts, open_attempt as "openAttempt", created_at as "createdAt",
        (select greatest(full_lanes.since, jobs.due_at) from full_lanes
          where full_lanes.lane = jobs.lane and not jobs.own_mail_servers and ${IS_KNOWN}
            and greatest(full_lanes.since, jobs.due_at) < now()) as "placeSince"`,
    values: [randomUUID(), now, leaseMs, limit.outside, limit.own, perLane, takeOver],
  });
  return rows;
}

/**
 * Notes of which lanes as much is in hand as may be, while more of them waits: who is tried next has waited for a place. It is
 * looked for each second or so; of what nobody has looked at for longer nothing is known, as we may have been away.
 */
export async function noteFullLanes(pool: Pool, perLane: number): Promise<void> {
  await pool.query({
    name: 'delivery/note-full-lanes',
    text: `${LANES}, noted as (
        insert into full_lanes (lane, since, seen_at)
          select lane, now(), now() from lanes join busy using (lane) where busy.jobs >= $1
        on conflict (lane) do update set seen_at = now(),
          since = case when ${IS_KNOWN} then full_lanes.since else now() end
        returning lane
      )
      delete from full_lanes where not ${IS_KNOWN} and lane not in (select lane from noted)`,
    values: [perLane],
  });
}

/**
 * Since when the first of those waits that nobody works on: for a place among the mails that one domain outside is brought at
 * a time, which is up to its servers; or for us. Own servers are ours; and so is what came due and was not noted as ready,
 * which whoever claims does first.
 */
export async function waitingSince(
  pool: Pool,
  { now, perLane }: Pick<Claim, 'now' | 'perLane'>,
): Promise<{ forPlace: Date | null; forUs: Date | null }> {
  const { rows } = await pool.query<{ isForPlace: boolean; since: Date }>({
    name: 'delivery/waiting-since',
    text: `${LANES}, waiting as (
      select coalesce(busy.jobs, 0) >= $2 and not head.own_mail_servers as is_for_place, head.due_at
      from lanes left join busy using (lane),
        lateral (
          select due_at, own_mail_servers from jobs
          where ready and jobs.lane = lanes.lane and due_at <= $1 and (leased_until is null or leased_until <= now())
          order by due_at limit 1
        ) head
      union all
      (select false, due_at from jobs where not ready and due_at <= $1 order by due_at limit 1))
      select is_for_place as "isForPlace", min(due_at) as since from waiting group by 1`,
    values: [now, perLane],
  });
  const since = (isForPlace: boolean) => rows.find((row) => row.isForPlace === isForPlace)?.since ?? null;
  return { forPlace: since(true), forUs: since(false) };
}

/** How many jobs there are, of whatever lane: those whose time has come, and those that are put off. */
export async function countJobs(pool: Pool): Promise<{ ready: number; putOff: number }> {
  const { rows } = await pool.query<{ ready: number; putOff: number }>(
    `select count(*) filter (where ready or due_at <= now())::int as ready,
       count(*) filter (where not ready and due_at > now())::int as "putOff" from jobs`,
  );
  return rows[0] ?? { ready: 0, putOff: 0 };
}

/** Our lease is gone: the job was taken over, by whom it may be, and what is known of it is recorded there. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** A change to a job that we hold, as a statement that returns no row where we don't hold it any more. */
export type Move = NonNullable<AppendOptions['when']>;

type Held = Pick<StoredJob, 'jobId' | 'lease'>;

/** Also renews the lease: whatever the wait before, an attempt begins with a whole one. It opens once and not again. */
export const openingAttempt = ({ jobId, lease }: Held, attemptId: AttemptId, leaseMs: number): Move => ({
  name: 'opening attempt',
  text: `update jobs set open_attempt = $3, attempts = attempts + 1, leased_until = now() + $4 * interval '1 millisecond'
    where job_id = $1 and leased_by = $2 and open_attempt is null returning 1`,
  values: [jobId, lease, attemptId, leaseMs],
});

/** Writes down what is left of a job and gives it free: some recipients later, or nothing. */
export const settling = (
  { jobId, lease }: Held,
  remaining: { recipientIds: readonly RecipientId[]; dueAt: Date } | null,
): Move =>
  remaining === null
    ? {
        name: 'settling',
        text: 'delete from jobs where job_id = $1 and leased_by = $2 returning 1',
        values: [jobId, lease],
      }
    : {
        name: 'putting off',
        text: `update jobs set recipient_ids = $3, due_at = $4, ready = false, open_attempt = null, leased_by = null, leased_until = null
          where job_id = $1 and leased_by = $2 returning 1`,
        values: [jobId, lease, remaining.recipientIds, remaining.dueAt],
      };

export const renewing = ({ jobId, lease }: Held, leaseMs: number): Move => ({
  name: 'renewing',
  text: `update jobs set leased_until = now() + $3 * interval '1 millisecond'
    where job_id = $1 and leased_by = $2 returning 1`,
  values: [jobId, lease, leaseMs],
});

/** Makes a change that nothing is recorded of. @throws LeaseLostError */
export async function make(pool: Pool, { text, values }: Move): Promise<void> {
  const { rowCount } = await pool.query(text, [...values]);
  if (rowCount === 0) throw new LeaseLostError('the job was taken over');
}
