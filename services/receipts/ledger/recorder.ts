// SPDX-License-Identifier: Apache-2.0
import { SERVICES } from '@securemail/contracts';
import { showLag } from '@securemail/event-log';
import { createPool } from '@securemail/event-store';
import type { Platform } from '@securemail/service';
import { METRIC, observe } from '@securemail/telemetry';
import { secondsAhead } from './adapters/ahead.ts';
import { record } from './adapters/record.ts';

/** Many at once cost the tree hardly more than one. Milliseconds. */
const LINGER_MS = 200;
/** Connections that tell what waits, also while each that records waits for the same lock: that is when it has to be told. */
const WATCHING = 2;

/**
 * Takes every event of every service into the ledger, by a group of its own: whatever holds up or parks what else
 * receipts does with an event, it is recorded.
 */
export async function startRecorder({
  log,
  logger,
  settings,
}: Pick<Platform, 'log' | 'logger' | 'settings'>): Promise<{ close: () => Promise<void> }> {
  // Each source that is followed holds a connection for as long as it is, and another while it records.
  const pool = createPool({
    url: settings.database.url,
    schema: 'receipts',
    max: 2 * SERVICES.length + WATCHING,
    applicationName: 'securemail-ledger',
  });
  const running = await log.subscribe({
    group: 'ledger',
    pool,
    sources: SERVICES,
    lingerMs: LINGER_MS,
    async deliver(arrivals, { progressed }) {
      const events = arrivals.flatMap((arrival) => (arrival.kind === 'event' ? [arrival.event] : []));
      const unreadable = arrivals.length - events.length;
      // What no service wrote is no event; who handles events parks it, where somebody sees it.
      if (unreadable > 0) logger.error({ unreadable }, 'what is no event is not in the ledger');
      await record(pool, events, new Date());
      progressed();
    },
  });
  const lag = showLag('receipts', 'ledger', running);
  const ahead = observe(METRIC.ledgerAhead, async () => [
    { value: await secondsAhead(pool), attributes: {} },
  ]);
  return {
    async close() {
      ahead.close();
      lag.close();
      await running.close();
      await pool.end();
    },
  };
}
