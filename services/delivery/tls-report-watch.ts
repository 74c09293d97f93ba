// SPDX-License-Identifier: Apache-2.0
import { pause, reasonOf, whileLeader } from '@securemail/event-log';
import {
  openOutside,
  readAuthorities,
  type Closable,
  type OutsideSettings,
  type Platform,
} from '@securemail/service';
import { readDkimKey } from './adapters/dkim-keys.ts';
import { reportRound, type Reporting } from './adapters/tls-reporter.ts';
import type { DeliverySettings, TlsReportSettings } from './settings.ts';

const LOOK_EVERY_MS = 5 * 60_000;

/**
 * Sends each day's TLS reports (RFC 8460); one of all replicas does.
 *
 * @throws where the key can not be read.
 */
export function startTlsReportWatch(
  platform: Platform,
  settings: DeliverySettings,
  tlsReports: TlsReportSettings,
): Closable {
  const { pool, logger } = platform;
  const reporting = reportingWith(platform, platform.settings.outside, settings, tlsReports);
  if (reporting.dkim === null)
    logger.warn('TLS reports go out over https alone: delivery.tlsReports.dkim is not set');
  const closing = new AbortController();
  const watchOver = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await reportRound(reporting, new Date(), signal).catch((error: unknown) => {
        logger.warn({ reason: reasonOf(error) }, 'TLS reports could not be looked at, trying again');
      });
      await pause(LOOK_EVERY_MS, signal);
    }
  };
  const running = whileLeader(pool, 'tls-reports', closing.signal, watchOver, (error) => {
    logger.warn({ reason: reasonOf(error) }, 'the watch over TLS reports could not begin, trying again');
  });
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** What reports are made with. */
export function reportingWith(
  { pool, logger }: Pick<Platform, 'pool' | 'logger'>,
  world: OutsideSettings,
  { hostname, connectTimeoutSeconds }: Pick<DeliverySettings, 'hostname' | 'connectTimeoutSeconds'>,
  tlsReports: TlsReportSettings,
): Reporting {
  const connectTimeoutMs = connectTimeoutSeconds * 1_000;
  // It hurries nobody, and waits for no server as long as a mail would.
  const times = { openTimeoutMs: 60_000, replyTimeoutMs: 60_000, finalDotTimeoutMs: 60_000 };
  return {
    pool,
    logger,
    settings: tlsReports,
    dkim:
      tlsReports.dkim === undefined ? null : readDkimKey('delivery.tlsReports.dkim.keyFile', tlsReports.dkim),
    outside: openOutside(world),
    world,
    ca: readAuthorities('outside.caFile', world.caFile),
    times: { hostname, connectTimeoutMs, ...times },
  };
}
