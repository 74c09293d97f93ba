// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

/** What Grafana puts in the place of it; a `$` of its own is doubled where a file is read that may name variables. */
const FOUND = '$${__value.raw}';
const CONSOLE = '${SECUREMAIL_CONSOLE}/console';
const BY_TRACE = `${CONSOLE}/emails?traceId=${FOUND}`;
const UID = { metrics: 'securemail-metrics', logs: 'securemail-logs', traces: 'securemail-traces' };

const HEAD = `# Written by \`npm run docs\` from deploy/observability/render-sources.ts: change that.
# For Grafana (11 or newer): /etc/grafana/provisioning/datasources/securemail.yml. The variables are of Grafana's own
# environment: SECUREMAIL_CONSOLE is https://<console>, the others are where each store is. What is not there is left out.
`;

const ours = (uid: string, type: string, name: string) => ({
  uid,
  name: `Secure@Mail: ${name}`,
  type,
  access: 'proxy',
});

/** The sources for Grafana, each with the ways to an email and to the other sources. */
export function renderSources(): string {
  const datasources = [
    {
      ...ours(UID.metrics, 'prometheus', 'metrics'),
      url: '${PROMETHEUS_URL}',
      jsonData: {
        httpMethod: 'POST',
        exemplarTraceIdDestinations: [
          { name: 'trace_id', url: BY_TRACE, urlDisplayLabel: 'The email in the console' },
          { name: 'trace_id', datasourceUid: UID.traces, urlDisplayLabel: 'Its trace' },
        ],
      },
    },
    {
      ...ours(UID.logs, 'loki', 'log'),
      url: '${LOKI_URL}',
      jsonData: {
        derivedFields: [
          {
            name: 'email',
            matcherRegex: '"emailId":"([0-9a-f-]{36})"',
            url: `${CONSOLE}/emails/${FOUND}`,
            urlDisplayLabel: 'The email in the console',
          },
          {
            name: 'email of the trace',
            matcherRegex: '"trace_id":"([0-9a-f]{32})"',
            url: BY_TRACE,
            urlDisplayLabel: 'Its email in the console',
          },
          {
            name: 'trace',
            matcherRegex: '"trace_id":"([0-9a-f]{32})"',
            url: FOUND,
            datasourceUid: UID.traces,
            urlDisplayLabel: 'Its trace',
          },
        ],
      },
    },
    {
      ...ours(UID.traces, 'tempo', 'traces'),
      url: '${TEMPO_URL}',
      jsonData: {
        tracesToLogsV2: {
          datasourceUid: UID.logs,
          // A retry may come hours after what it follows from.
          spanStartTimeShift: '-1h',
          spanEndTimeShift: '1h',
          customQuery: true,
          query: '{job="securemail"} |= "$${__trace.traceId}"',
        },
      },
    },
  ];
  return HEAD + stringify({ apiVersion: 1, datasources }, { lineWidth: 0, singleQuote: true });
}
