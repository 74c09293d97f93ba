// SPDX-License-Identifier: Apache-2.0
import type { Pool } from '@securemail/event-store';
import type { CountedSessions } from '../domain/tls-report.ts';

/** A report that is to be made, or to be tried again. */
export interface OpenReport {
  day: string;
  domain: string;
}

export interface BegunReport extends OpenReport {
  reportId: string;
  /** This one included. */
  attempts: number;
  firstTriedAt: Date;
  /** SHA-256 of the places that have it. */
  delivered: string[];
}

export type ReportResult = 'reported' | 'no-record' | 'failed';

/** Of the days until `lastDay`: what is not settled, and whose next try, if there was one, has come. */
export async function openReports(pool: Pool, lastDay: string, now: Date): Promise<OpenReport[]> {
  const { rows } = await pool.query<OpenReport>(
    `select counted.day::text as day, counted.domain
       from (select distinct day, domain from tls_sessions where day <= $1) as counted
       left join tls_reports using (day, domain)
      where tls_reports.result is null and (tls_reports.due_at is null or tls_reports.due_at <= $2)
      order by counted.day, counted.domain`,
    [lastDay, now],
  );
  return rows;
}

/** Recorded before it is tried, so that every try of a report has the same id. */
export async function beginReport(pool: Pool, { day, domain }: OpenReport, now: Date): Promise<BegunReport> {
  const { rows } = await pool.query<Omit<BegunReport, keyof OpenReport>>(
    `insert into tls_reports (day, domain, report_id, attempts, first_tried_at, due_at)
     values ($1, $2, gen_random_uuid(), 1, $3, $3)
     on conflict (day, domain) do update set attempts = tls_reports.attempts + 1
     returning report_id as "reportId", attempts, first_tried_at as "firstTriedAt", delivered`,
    [day, domain, now],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a row that was written is not there');
  return { day, domain, ...row };
}

export async function noteDelivered(
  pool: Pool,
  { day, domain }: OpenReport,
  placeKey: string,
): Promise<void> {
  await pool.query(
    'update tls_reports set delivered = array_append(delivered, $3) where day = $1 and domain = $2',
    [day, domain, placeKey],
  );
}

export async function settleReport(
  pool: Pool,
  { day, domain }: OpenReport,
  result: ReportResult,
  reason: string | null,
): Promise<void> {
  await pool.query('update tls_reports set result = $3, reason = $4 where day = $1 and domain = $2', [
    day,
    domain,
    result,
    reason,
  ]);
}

export async function postponeReport(
  pool: Pool,
  { day, domain }: OpenReport,
  dueAt: Date,
  reason: string,
): Promise<void> {
  await pool.query('update tls_reports set due_at = $3, reason = $4 where day = $1 and domain = $2', [
    day,
    domain,
    dueAt,
    reason,
  ]);
}

/** Kinds of sessions of one report; so many stay a small report. */
const MOST_KINDS = 5_000;

export async function countedOf(pool: Pool, { day, domain }: OpenReport): Promise<CountedSessions[]> {
  const { rows } = await pool.query<CountedSessions>(
    `select policy, mx_host as "mxHost", receiving_ip as "receivingIp", result, sessions
       from tls_sessions where day = $1 and domain = $2 order by sessions desc, key limit $3`,
    [day, domain, MOST_KINDS],
  );
  return rows;
}

/** Forgets all that is older than that day. */
export async function forgetBefore(pool: Pool, day: string): Promise<void> {
  await pool.query('delete from tls_sessions where day < $1', [day]);
  await pool.query('delete from tls_reports where day < $1', [day]);
}
