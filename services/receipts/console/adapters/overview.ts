// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { STAGES, type Stage } from '../../domain/stages.ts';
import { lastHours } from '../domain/bins.ts';

/** How emails that were accepted within some time went, each of them counted once; seconds from acceptance. */
export interface Went {
  within10s: number;
  within1m: number;
  within5m: number;
  /** By the deadline. */
  inTime: number;
  /** After it. */
  late: number;
  held: number;
  /** Still, and not beyond the deadline. */
  underWay: number;
  /** Still, and beyond it. */
  overdue: number;
}
const WENT = [
  'within10s',
  'within1m',
  'within5m',
  'inTime',
  'late',
  'held',
  'underWay',
  'overdue',
] as const satisfies (keyof Went)[];

export interface Overview {
  since: string;
  until: string;
  /** Seconds of each bar. */
  width: number;
  /** Oldest first; one for each time, also where nothing was accepted in it. */
  bars: ({ at: string } & Went)[];
  accepted: number;
  /** Seconds from acceptance until nobody was under way any more, of what was not held; null: nothing was. */
  latency: { median: number; p95: number; p99: number; most: number } | null;
  /** What unfinished emails of all times wait for, and how long the oldest has, seconds. */
  waiting: { stage: Stage; emails: number; oldest: number }[];
}

/** How it goes for an organisation, in the last so many hours. */
export async function overviewOf(
  pool: Pool,
  tenantId: TenantId,
  hours: number,
  now: Date,
): Promise<Overview> {
  const { since, width } = lastHours(hours, now);
  const range = [tenantId, since, now];
  const [{ rows: counted }, { rows: timed }, { rows: waiting }] = await Promise.all([
    pool.query<Went & { at: Date }>({
      name: 'receipts/pictures',
      text: `select to_timestamp(floor(extract(epoch from accepted_at) / $4) * $4) as at,
          ${WENT.map((went) => `count(*) filter (where ${CONDITIONS[went]})::int as "${went}"`).join(', ')}
        from emails where tenant_id = $1 and accepted_at >= $2 and accepted_at <= $3 group by 1`,
      values: [...range, width],
    }),
    pool.query<{ times: number[] | null; most: number | null }>({
      name: 'receipts/latency',
      text: `select percentile_disc(array[0.5, 0.95, 0.99]) within group (order by took) as times, max(took) as most
        from (select extract(epoch from settled_at - accepted_at)::float8 as took from emails
          where tenant_id = $1 and accepted_at >= $2 and accepted_at <= $3
            and settled_at is not null and state <> 'held') settled`,
      values: range,
    }),
    pool.query<{ stage: Stage; emails: number; since: Date }>({
      name: 'receipts/waiting',
      text: `select stage, count(*)::int as emails, min(stage_since) as since from emails
        where stage is not null and tenant_id = $1 group by stage`,
      values: [tenantId],
    }),
  ]);
  const bars = barsOf(counted, { since, until: now, width });
  const [{ times, most } = { times: null, most: null }] = timed;
  const [median = 0, p95 = 0, p99 = 0] = times ?? [];
  return {
    since: since.toISOString(),
    until: now.toISOString(),
    width,
    bars,
    accepted: bars.reduce((sum, bar) => sum + WENT.reduce((of, went) => of + bar[went], 0), 0),
    latency: most === null ? null : { median, p95, p99, most },
    waiting: STAGES.flatMap((stage) => {
      const found = waiting.find((each) => each.stage === stage);
      if (found === undefined) return [];
      const oldest = Math.max(0, now.getTime() - found.since.getTime()) / 1_000;
      return [{ stage, emails: found.emails, oldest }];
    }),
  };
}

const settledBetween = (after: string, until: string) =>
  `settled_at is not null and state <> 'held' and settled_at > ${after} and settled_at <= ${until}`;
const CONDITIONS: Record<keyof Went, string> = {
  within10s: settledBetween("'-infinity'", "least(accepted_at + interval '10 s', deadline_at)"),
  within1m: settledBetween(
    "least(accepted_at + interval '10 s', deadline_at)",
    "least(accepted_at + interval '1 min', deadline_at)",
  ),
  within5m: settledBetween(
    "least(accepted_at + interval '1 min', deadline_at)",
    "least(accepted_at + interval '5 min', deadline_at)",
  ),
  inTime: settledBetween("least(accepted_at + interval '5 min', deadline_at)", 'deadline_at'),
  late: settledBetween('deadline_at', "'infinity'"),
  held: `settled_at is not null and state = 'held'`,
  underWay: 'settled_at is null and deadline_at >= $3',
  overdue: 'settled_at is null and deadline_at < $3',
};

function barsOf(
  counted: readonly (Went & { at: Date })[],
  { since, until, width }: { since: Date; until: Date; width: number },
): Overview['bars'] {
  const known = new Map(counted.map(({ at, ...went }) => [at.getTime(), went]));
  const none = Object.fromEntries(WENT.map((went) => [went, 0])) as unknown as Went;
  const count = Math.ceil((until.getTime() - since.getTime() + 1) / (width * 1_000));
  return Array.from({ length: count }, (_, index) => {
    const at = since.getTime() + index * width * 1_000;
    return { at: new Date(at).toISOString(), ...(known.get(at) ?? none) };
  });
}
