// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { reasonOf } from '@securemail/event-log';
import type { Outside, OutsideSettings, Platform } from '@securemail/service';
import { ATTRIBUTE, count, METRIC } from '@securemail/telemetry';
import { lastDayOver, nextTry, oldestKept, reportDue } from '../domain/report-times.ts';
import { tlsReport } from '../domain/tls-report.ts';
import { reportPlaces, type ReportPlace } from '../domain/tlsrpt-record.ts';
import type { TlsReportSettings } from '../settings.ts';
import { deferred, refused, type Handed } from './handed-report.ts';
import { postReport } from './report-by-https.ts';
import type { DkimKey } from './dkim-keys.ts';
import { mailReport } from './report-by-mail.ts';
import type { SmtpTimes } from './smtp-connection.ts';
import {
  beginReport,
  countedOf,
  forgetBefore,
  noteDelivered,
  openReports,
  postponeReport,
  settleReport,
  type BegunReport,
  type OpenReport,
  type ReportResult,
} from './tls-report-rows.ts';

export interface Reporting extends Pick<Platform, 'pool' | 'logger'> {
  settings: Pick<TlsReportSettings, 'organizationName' | 'contact'>;
  /** Null: nothing is mailed. */
  dkim: DkimKey | null;
  outside: Pick<Outside, 'resolver' | 'addressesOf'>;
  world: Pick<OutsideSettings, 'routes' | 'privateNetworks'>;
  /** PEM of the authorities by whom hosts outside are trusted. */
  ca?: string | undefined;
  times: Omit<SmtpTimes, 'stopped'>;
}

const AT_ONCE = 10;
const gzipped = promisify<Buffer, Buffer>(gzip);

/** One look: makes and hands over what is due, and forgets what is old. */
export async function reportRound(
  reporting: Reporting,
  now: Date,
  signal = new AbortController().signal,
): Promise<void> {
  const { pool, logger } = reporting;
  await forgetBefore(pool, oldestKept(now));
  const open = await openReports(pool, lastDayOver(now), now);
  const due = open.filter(({ day, domain }) => reportDue(day, domain) <= now);
  for (let next = 0; next < due.length && !signal.aborted; next += AT_ONCE) {
    const some = due.slice(next, next + AT_ONCE).map((each) =>
      report(reporting, each, now, signal).catch((error: unknown) => {
        // It must not stand before all others.
        logger.error({ day: each.day, reason: reasonOf(error) }, 'a TLS report could not be made');
      }),
    );
    await Promise.all(some);
  }
}

async function report(reporting: Reporting, open: OpenReport, now: Date, signal: AbortSignal): Promise<void> {
  const { pool, outside } = reporting;
  const begun = await beginReport(pool, open, now);
  const texts = await outside.resolver.query(`_smtp._tls.${open.domain}`, 'TXT').catch(() => null);
  if (texts === null) {
    await conclude(reporting, begun, [deferred('dns-failed')], now);
    return;
  }
  const places = reportPlaces(texts.records);
  if (places === null) {
    await settle(reporting, begun, 'no-record', null);
    return;
  }
  const { organizationName, contact } = reporting.settings;
  const { day, domain, reportId } = begun;
  const json = tlsReport({ organizationName, contact, reportId, domain, day }, await countedOf(pool, begun));
  const file = await gzipped(Buffer.from(JSON.stringify(json)));
  const handed: Handed[] = [];
  for (const place of places) {
    const key = createHash('sha256').update(JSON.stringify(place)).digest('hex');
    if (begun.delivered.includes(key)) {
      handed.push({ kind: 'delivered' });
      continue;
    }
    const outcome = await handTo(place, file, { reporting, begun, now, signal });
    if (outcome.kind === 'delivered') await noteDelivered(pool, begun, key);
    handed.push(outcome);
  }
  await conclude(reporting, begun, handed, now);
}

async function handTo(
  place: ReportPlace,
  file: Buffer,
  {
    reporting,
    begun,
    now,
    signal,
  }: { reporting: Reporting; begun: BegunReport; now: Date; signal: AbortSignal },
): Promise<Handed> {
  const { outside, world, ca, dkim, settings, times } = reporting;
  if (place.kind === 'https') {
    const { privateNetworks } = world;
    return await postReport(place.url, file, { resolver: outside.resolver, ca, privateNetworks, signal });
  }
  if (dkim === null) return refused('no-dkim-key');
  const { day, domain, reportId } = begun;
  return await mailReport(
    { day, domain, reportId, to: place.address, base64: file.toString('base64'), date: now },
    {
      outside,
      routes: world.routes,
      dkim,
      contact: settings.contact,
      times: { ...times, stopped: signal },
    },
  );
}

/** Where a place may still take it, it is tried again; in the end one that has it will do. */
async function conclude(
  reporting: Reporting,
  begun: BegunReport,
  handed: readonly Handed[],
  now: Date,
): Promise<void> {
  const faults = handed.filter((each) => each.kind !== 'delivered');
  const waiting = faults.find(({ kind }) => kind === 'deferred');
  const dueAt = waiting === undefined ? null : nextTry(begun.attempts, begun.firstTriedAt, now);
  if (waiting !== undefined && dueAt !== null) {
    await postponeReport(reporting.pool, begun, dueAt, waiting.reason);
    return;
  }
  const result = faults.length < handed.length ? 'reported' : 'failed';
  await settle(reporting, begun, result, faults[0]?.reason ?? null);
}

async function settle(
  { pool, logger }: Reporting,
  begun: BegunReport,
  result: ReportResult,
  reason: string | null,
): Promise<void> {
  await settleReport(pool, begun, result, reason);
  count(METRIC.tlsReports, { [ATTRIBUTE.outcome]: result });
  const { day, domain, attempts } = begun;
  logger.info({ day, domain, result, reason, attempts }, 'TLS report settled');
}
