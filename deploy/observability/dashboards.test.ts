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

it.each(DASHBOARDS.map((dashboard) => [dashboard.uid, dashboard] as const))(
  '%s says below each panel which line is what',
  (_uid, dashboard) => {
    const { panels } = JSON.parse(renderDashboard(dashboard)) as {
      panels: {
        type: string;
        title: string;
        options?: { legend?: { showLegend?: boolean } };
        targets?: { legendFormat?: string }[];
      }[];
    };
    const lines = panels.filter(({ type }) => type === 'timeseries');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(({ options }) => options?.legend?.showLegend !== true)).toEqual([]);
    expect(
      lines.flatMap(({ targets = [] }) => targets).filter(({ legendFormat = '' }) => legendFormat === ''),
    ).toEqual([]);
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

it.each(DASHBOARDS.map((dashboard) => [dashboard.uid, dashboard] as const))(
  '%s leads to the console, wherever that is: to an email, to the email of a trace, to those behind a panel',
  (_uid, dashboard) => {
    const { links, templating, panels } = JSON.parse(renderDashboard(dashboard)) as {
      links: { url: string }[];
      templating: { list: { type: string; name: string }[] };
      panels: { title: string; fieldConfig?: { defaults: { links?: { url: string }[] } } }[];
    };
    const known = new Set(templating.list.map(({ name }) => name));
    const behind = panels.flatMap(({ fieldConfig }) => fieldConfig?.defaults.links ?? []);
    expect(links.map(({ url }) => url)).toEqual([
      '${console}/console/',
      '${console}/console/emails/${email}',
      '${console}/console/emails?traceId=${trace}',
    ]);
    const wanted = dashboard.rows
      .flatMap((row) => row.panels)
      .flatMap(({ emails }): unknown[] => {
        if (emails === undefined) return [];
        if (emails !== 'unfinished') return [expect.stringContaining('since=')];
        // What waits for longer than is shown is looked for most.
        return ['${console}/console/emails?state=unfinished&order=oldest'];
      });
    expect(behind.map(({ url }) => url)).toEqual(wanted);
    for (const { url } of [...links, ...behind])
      for (const [, name = ''] of url.matchAll(/\$\{(\w+)/g))
        expect(name.startsWith('__') || known.has(name)).toBe(true);
  },
);
