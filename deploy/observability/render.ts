// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import type { Alert, Recording } from './alert.ts';
import { ALERTS } from './alerts/index.ts';
import { SLO_RECORDINGS } from './slo.ts';

const RUNBOOKS = 'docs/operations/alerts.md';
const HEAD = '# Written by `npm run docs` from deploy/observability/alerts/ and slo.ts: change those.\n';

/** The rules for Prometheus: what is recorded, and what wakes somebody. */
export function renderRules(
  recordings: readonly Recording[] = SLO_RECORDINGS,
  alerts: readonly Alert[] = ALERTS,
): string {
  const groups = [
    { name: 'securemail-slo', interval: '30s', rules: recordings },
    {
      name: 'securemail-alerts',
      interval: '30s',
      rules: alerts.map(({ name, expr, for: duration, severity, summary }) => ({
        alert: name,
        expr,
        for: duration,
        labels: { severity },
        annotations: { summary, runbook: `${RUNBOOKS}#${name.toLowerCase()}` },
      })),
    },
  ];
  return HEAD + stringify({ groups }, { lineWidth: 0 });
}

/** The page with a runbook for each alert. */
export function renderRunbooks(alerts: readonly Alert[] = ALERTS): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
  const pages = alerts.map(
    ({ name, severity, means, look, act, expr, for: duration }) => `## ${name}

_${severity === 'page' ? 'Wakes somebody' : 'Waits for the next day'}._ ${means}

**Look at**

${list(look)}

**Do**

${list(act)}

It is told after ${duration} of:

\`\`\`promql
${expr}
\`\`\`
`,
  );
  return `# Alerts

Written by \`npm run docs\` from \`deploy/observability/\`. Each alert of [its rules](../../deploy/observability/prometheus/rules.yml) names its place here. For each of them a test breaks a running system, and sees it told, and quiet again once that is mended (\`apps/cli/alerts.test.ts\`, \`alerts-apart.test.ts\`). The metrics are [on a page of their own](metrics.md).

${pages.join('\n')}`;
}
