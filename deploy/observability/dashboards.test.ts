// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRIC, scraped } from '@securemail/telemetry';
import { DASHBOARDS } from './index.ts';
import { renderDashboard } from './render-dashboard.ts';

it.each(DASHBOARDS.map((dashboard) => [dashboard.uid, dashboard] as const))(
  '%s is the one of the code (npm run docs writes it)',
  (uid, dashboard) => {
    const file = readFileSync(join(import.meta.dirname, `grafana/${uid}.json`), 'utf8');
    expect(file).toBe(renderDashboard(dashboard));
  },
);

it('every metric is on some dashboard', () => {
  const shown = JSON.stringify(DASHBOARDS);
  const elsewhere = new Set([
    // Told by `securemail.promises`, `securemail.emails.settled` and alerts.
    METRIC.deadlinesMissed.name,
    METRIC.mailboxesAsked.name,
    METRIC.tlsReports.name,
    METRIC.webhookDeliveries.name,
    // By what is counted once for each window.
    METRIC.promises.name,
  ] as string[]);
  const missing = Object.values(METRIC).filter(
    (metric) => !elsewhere.has(metric.name) && !shown.includes(scraped(metric)),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});
