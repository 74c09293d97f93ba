// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLogger, startTelemetry, withSpan } from '@securemail/telemetry';
import { parse } from 'yaml';
import { renderSources } from './render-sources.ts';

interface Source {
  uid: string;
  type: string;
  jsonData: {
    exemplarTraceIdDestinations?: Destination[];
    derivedFields?: (Destination & { matcherRegex: string })[];
    tracesToLogsV2?: { datasourceUid: string; query: string };
  };
}
interface Destination {
  name: string;
  url?: string;
  datasourceUid?: string;
}

const file = readFileSync(join(import.meta.dirname, 'grafana/sources.yml'), 'utf8');
const { datasources } = parse(file) as { datasources: Source[] };
const of = (type: string) => datasources.find((source) => source.type === type)!.jsonData;
/** As Grafana reads the file, with its console, and then follows a link. */
const followed = (url: string, value: string) =>
  url
    .replaceAll(/\$\{SECUREMAIL_CONSOLE\}/g, 'https://c.example')
    .replaceAll('$$', '$')
    .replaceAll('${__value.raw}', value);

const EMAIL = '01a20fa7-a4af-71f2-a67e-a889eefdd468';

it('grafana/sources.yml is the one of the code (npm run docs writes it)', () => {
  expect(file).toBe(renderSources());
});

it('an exemplar leads to the email in the console, and to its trace', () => {
  const traceId = 'a'.repeat(32);
  const [toEmail, toTrace] = of('prometheus').exemplarTraceIdDestinations!;
  // As the exemplars of libs/telemetry call it.
  expect([toEmail?.name, toTrace?.name]).toEqual(['trace_id', 'trace_id']);
  expect(followed(toEmail!.url!, traceId)).toBe(`https://c.example/console/emails?traceId=${traceId}`);
  expect(toTrace?.datasourceUid).toBe('securemail-traces');
});

it('a line of the log, as it is written, leads to the email, by its id or its trace, and to the trace', async () => {
  let line = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      line += chunk.toString();
      done();
    },
  });
  const telemetry = await startTelemetry({ serviceName: 'test' });
  const traceId = await withSpan('t', 'deliver', { parent: null }, (span) => {
    createLogger('receipts', { destination, level: 'warn' }).warn({ emailId: EMAIL }, 'deadline missed');
    return Promise.resolve(span.spanContext().traceId);
  });
  await telemetry.shutdown();
  const links = of('loki').derivedFields!.map(({ matcherRegex, url, datasourceUid }) => {
    const [, value = ''] = new RegExp(matcherRegex).exec(line) ?? [];
    return { to: followed(url!, value), datasourceUid };
  });
  expect(links).toEqual([
    { to: `https://c.example/console/emails/${EMAIL}` },
    { to: `https://c.example/console/emails?traceId=${traceId}` },
    { to: traceId, datasourceUid: 'securemail-traces' },
  ]);
  const { datasourceUid, query } = of('tempo').tracesToLogsV2!;
  expect(line).toContain(/\|= "(.*)"/.exec(followed(query, '').replace('${__trace.traceId}', traceId))![1]);
  expect(datasourceUid).toBe('securemail-logs');
  expect(datasources.map(({ uid }) => uid)).toEqual(
    expect.arrayContaining(['securemail-logs', 'securemail-traces']),
  );
});
