// SPDX-License-Identifier: Apache-2.0

/** Writes the pages of docs/ that are made from the code. Run by Node itself, which strips the types. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DASHBOARDS } from '../deploy/observability/dashboards.ts';
import { renderDashboard } from '../deploy/observability/render-dashboard.ts';
import { renderSources } from '../deploy/observability/render-sources.ts';
import { renderRules, renderRunbooks } from '../deploy/observability/render.ts';
import { renderEvents } from '../libs/contracts/render-events.ts';
import { renderInterop } from '../libs/smime/testing/interop/render-interop.ts';
import { readResults } from '../libs/smime/testing/interop/results.ts';
import { renderMetrics } from '../libs/telemetry/render-metrics.ts';
import { problemPages } from '../libs/service/http/render-problem.ts';

const docs = resolve(import.meta.dirname, '../docs');
writeFileSync(join(docs, 'events.md'), renderEvents());
writeFileSync(join(docs, 'interop.md'), renderInterop(readResults()));
mkdirSync(join(docs, 'operations'), { recursive: true });
writeFileSync(join(docs, 'operations', 'metrics.md'), renderMetrics());
writeFileSync(join(docs, 'operations', 'alerts.md'), renderRunbooks());
const observability = resolve(docs, '../deploy/observability');
writeFileSync(join(observability, 'prometheus/rules.yml'), renderRules());
writeFileSync(join(observability, 'grafana/sources.yml'), renderSources());
for (const dashboard of DASHBOARDS)
  writeFileSync(join(observability, 'grafana', `${dashboard.uid}.json`), renderDashboard(dashboard));
mkdirSync(join(docs, 'errors'), { recursive: true });
for (const [file, text] of problemPages()) writeFileSync(join(docs, 'errors', file), text);
