// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { isAwaited } from '../../adapters/awaited.ts';
import { STAGES, type Stage } from '../../domain/stages.ts';
import { lastHours } from '../domain/bins.ts';

/**
 * How emails that were accepted within some time went, each of them counted once, by what became of the promise (`promiseOf`),
 * as the SLO has it.
 */
export interface Went {
  /** Kept, so soon after acceptance. */
  within10s: number;
  within1m: number;
  within5m: number;
  /** Kept, by the deadline. */
  inTime: number;
  /** Kept, and sent to some of its recipients only: the others wait for a person, or could not be sent to. */
  partly: number;
  /** Missed. */
  late: number;
  /** Missed, and under way still. */
  overdue: number;
  /** Of which it is not known yet, or that a person let go. */
  underWay: number;
  /** The rest: of which nothing was promised as a person has to decide, */
  held: number;
  /** has decided, */
  decided: number;
  /** or all was returned. */
  returned: number;
}
const WENT = [
  'within10s',
  'within1m',
  'within5m',
  'inTime',
  'partly',
  'late',
  'overdue',
  'underWay',
  'held',
  'decided',
  'returned',
] as const satisfies (keyof Went)[];

export interface Overview {
  since: string;
  until: string;
  /** Seconds of each bar. */
  width: number;
  /** Oldest first; one for each time, also where nothing was accepted in it. */
  bars: ({ at: string } & Went)[];
  accepted: number;
  /** Seconds from acceptance until everybody was settled first, of what was to be by the deadline; null: nothing was. */
  latency: { median: number; p95: number; p99: number; most: number } | null;
  /** What unfinished emails of all times wait for, and how long the oldest has, seconds. */
  waiting: { stage: Stage; emails: number; oldest: number }[];
}

/** Rows of before this was kept say less: of them a state and a time have to do. */
const PROMISE = `coalesce(promise, case when settled_at is null then 'open' when state not in ('sent', 'partly-sent') then 'none'
  when settled_at > deadline_at then 'missed' else 'kept' end)`;
const SETTLED = 'coalesce(settled_first_at, settled_at)';

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
    pool.query<Counted>({
      name: 'receipts/pictures',
      text: `select date_bin($4 * interval '1 second', accepted_at, $2) as at, ${HOW_IT_WENT} as went, count(*)::int as emails
        from emails where tenant_id = $1 and accepted_at >= $2 and accepted_at <= $3 group by 1, 2`,
      values: [...range, width],
    }),
    // Counted by hundredths of a second: that is done in half the time that sorting them takes.
    pool.query<Timed>({
      name: 'receipts/latency',
      text: `select extract(epoch from took)::float8 as seconds, emails from (
          select date_bin('10 milliseconds', ${SETTLED}, accepted_at) - accepted_at as took, count(*)::int as emails
          from emails where tenant_id = $1 and accepted_at >= $2 and accepted_at <= $3
            and ${SETTLED} is not null and ${PROMISE} in ('kept', 'missed') group by 1) counted`,
      values: range,
    }),
    pool.query<{ stage: Stage; emails: number; since: Date }>({
      name: 'receipts/waiting',
      text: `select stage, count(*)::int as emails, min(stage_since) as since from emails
        where ${isAwaited('emails')} and tenant_id = $1 group by stage`,
      values: [tenantId],
    }),
  ]);
  const bars = barsOf(counted, { since, until: now, width });
  return {
    since: since.toISOString(),
    until: now.toISOString(),
    width,
    bars,
    accepted: bars.reduce((sum, bar) => sum + WENT.reduce((of, went) => of + bar[went], 0), 0),
    latency: latencyOf(timed),
    waiting: STAGES.flatMap((stage) => {
      const found = waiting.find((each) => each.stage === stage);
      if (found === undefined) return [];
      const oldest = Math.max(0, now.getTime() - found.since.getTime()) / 1_000;
      return [{ stage, emails: found.emails, oldest }];
    }),
  };
}

/** One look at each row: they are many. A number is quicker to group by than a word. */
const HOW_IT_WENT = ((): string => {
  const is = (went: keyof Went) => String(WENT.indexOf(went));
  const within = (time: string, went: keyof Went) =>
    `when ${SETTLED} <= accepted_at + interval '${time}' then ${is(went)}`;
  return `case ${PROMISE}
    when 'kept' then case when state in ('partly-sent', 'in-progress') then ${is('partly')}
      ${within('10 s', 'within10s')} ${within('1 min', 'within1m')} ${within('5 min', 'within5m')}
      else ${is('inTime')} end
    when 'missed' then case when settled_at is null then ${is('overdue')} else ${is('late')} end
    else case when settled_at is null then ${is('underWay')} when state = 'held' then ${is('held')}
      when state = 'not-sent' then ${is('returned')} else ${is('decided')} end end`;
})();

interface Counted {
  at: Date;
  /** Its place in {@link WENT}. */
  went: number;
  emails: number;
}

interface Timed {
  seconds: number;
  emails: number;
}

export function latencyOf(counted: readonly Timed[]): Overview['latency'] {
  const timed = counted.toSorted((a, b) => a.seconds - b.seconds);
  const most = timed.at(-1);
  if (most === undefined) return null;
  const all = timed.reduce((sum, { emails }) => sum + emails, 0);
  const within = (share: number): number => {
    let before = 0;
    return (timed.find(({ emails }) => (before += emails) >= share * all) ?? most).seconds;
  };
  return { median: within(0.5), p95: within(0.95), p99: within(0.99), most: most.seconds };
}

function barsOf(
  counted: readonly Counted[],
  { since, until, width }: { since: Date; until: Date; width: number },
): Overview['bars'] {
  const known = Map.groupBy(counted, ({ at }) => at.getTime());
  const count = Math.ceil((until.getTime() - since.getTime() + 1) / (width * 1_000));
  return Array.from({ length: count }, (_, index) => {
    const at = since.getTime() + index * width * 1_000;
    const here = known.get(at) ?? [];
    const emails = (went: keyof Went) => here.find((each) => WENT[each.went] === went)?.emails ?? 0;
    return {
      at: new Date(at).toISOString(),
      ...(Object.fromEntries(WENT.map((went) => [went, emails(went)])) as unknown as Went),
    };
  });
}
