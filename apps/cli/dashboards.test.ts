// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  missing,
  prometheusIsThere,
  startPrometheus,
  type RunningPrometheus,
} from '@securemail/testing';
import { demoProcess } from './testing/demo-process.ts';

const OBSERVABILITY = join(import.meta.dirname, '../../deploy/observability');

interface Target {
  expr: string;
  exemplar?: boolean;
}

interface Grafana {
  title: string;
  panels: { title: string; type: string; targets?: Target[] }[];
}

const PANELS = readdirSync(join(OBSERVABILITY, 'grafana'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(OBSERVABILITY, 'grafana', name), 'utf8')) as Grafana)
  .flatMap(({ title, panels }) => panels.map((panel) => ({ dashboard: title, ...panel })))
  .filter(({ type }) => type !== 'row');

if (!prometheusIsThere()) missing('Prometheus', 'apt-get install prometheus');
else {
  let prometheus: RunningPrometheus;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dashboards-'));
    // Where we are root, Postgres runs as another user.
    await chmod(folder, 0o755);
    const port = await freePort();
    prometheus = await startPrometheus({
      targets: [`127.0.0.1:${port}`],
      rules: readFileSync(join(OBSERVABILITY, 'prometheus/rules.yml'), 'utf8').replaceAll(
        'interval: 30s',
        'interval: 1s',
      ),
    });
    // One mail of every kind: what a panel shows happens in it, and is scraped while it does.
    await demoProcess({ data: join(folder, 'data'), metricsPort: port });
  }, 600_000);
  afterAll(async () => {
    await prometheus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('there are panels', () => {
    expect(PANELS.length).toBeGreaterThan(25);
  });

  it.each(PANELS.map((panel) => [`${panel.dashboard}: ${panel.title}`, panel.targets ?? []] as const))(
    '%s shows something of a running system',
    async (_title, targets) => {
      for (const { expr } of targets) {
        const series = await prometheus.range(expr.replaceAll('$__rate_interval', '15s'));
        const values = series.flatMap((each) => each.values.map(([, value]) => Number(value)));
        expect({ expr, hasValues: values.some((value) => Number.isFinite(value)) }).toEqual({
          expr,
          hasValues: true,
        });
      }
    },
  );

  it.each(
    PANELS.flatMap(({ dashboard, title, targets = [] }) =>
      targets.filter(({ exemplar }) => exemplar).map(({ expr }) => [`${dashboard}: ${title}`, expr] as const),
    ),
  )('%s names emails by their traces: %s', async (_title, expr) => {
    const found = await prometheus.exemplars(expr.replaceAll('$__rate_interval', '15s'));
    const traces = found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id']));
    expect(traces).toContainEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
  });

  it('nothing wakes anybody while all is well', async () => {
    const woken = (await prometheus.alerts()).filter(
      ({ state, labels }) => state === 'firing' && labels['severity'] === 'page',
    );
    expect(woken.map(({ labels }) => labels['alertname'])).toEqual([]);
  });
}
