// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CollectedMetrics, freePort } from '@securemail/testing';
import {
  ATTRIBUTE,
  count,
  countFromZero,
  METRIC,
  observe,
  record,
  scrapable,
  startTelemetry,
  withinTrace,
  withSpan,
} from './index.ts';
import { prefersOpenMetrics } from './prefers-open-metrics.ts';
import { renderMetrics } from './render-metrics.ts';

/** Runs a test while metrics are collected in memory. */
async function collecting(test: (metrics: CollectedMetrics) => Promise<void>): Promise<void> {
  const metrics = new CollectedMetrics();
  const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  try {
    await test(metrics);
  } finally {
    await telemetry.shutdown();
  }
}

const accepted = (channel: string) => {
  count(METRIC.emailsAccepted, { [ATTRIBUTE.channel]: channel });
};

describe('a metric', () => {
  it('is counted for each set of attributes, and from zero after telemetry was started anew', async () => {
    for (const _ of [1, 2]) {
      await collecting(async (metrics) => {
        for (const channel of ['rest', 'rest', 'relay']) accepted(channel);
        const { name } = METRIC.emailsAccepted;
        expect(await metrics.value(name, { 'securemail.channel': 'rest' })).toBe(2);
        expect(await metrics.value(name, { 'securemail.channel': 'relay' })).toBe(1);
      });
    }
  });

  it('has buckets on both sides of the ten minutes', () =>
    collecting(async (metrics) => {
      for (const seconds of [2.5, 599])
        record(METRIC.promiseDuration, seconds, { [ATTRIBUTE.direction]: 'outbound' });
      const [point] = await metrics.points('securemail.email.promise.duration');
      expect(point).toMatchObject({ value: 2, sum: 601.5 });
      expect(point?.boundaries).toEqual(expect.arrayContaining([1, 10, 60, 300, 480, 540, 600, 660]));
    }));

  it('stands in docs/operations/metrics.md (npm run docs writes it)', async () => {
    const manual = await readFile(join(import.meta.dirname, '../../docs/operations/metrics.md'), 'utf8');
    expect(manual).toBe(renderMetrics());
  });

  it('is seen at zero before it was ever counted, where that was said', () =>
    collecting(async (metrics) => {
      expect(await metrics.value(METRIC.deadlinesMissed.name)).toBeNull();
      countFromZero(METRIC.deadlinesMissed);
      expect(await metrics.value(METRIC.deadlinesMissed.name)).toBe(0);
    }));

  it('does nothing where nobody collects', async () => {
    const telemetry = await startTelemetry({ serviceName: 'test' });
    let reads = 0;
    const gauge = observe(METRIC.webhooksOldestAge, () => {
      reads += 1;
      return Promise.resolve([]);
    });
    accepted('rest');
    record(METRIC.promiseDuration, 1, { [ATTRIBUTE.direction]: 'outbound' });
    gauge.close();
    await telemetry.shutdown();
    expect(reads).toBe(0);
  });
});

describe('a gauge', () => {
  const age = METRIC.webhooksOldestAge.name;

  it('is read whenever metrics are collected, and not once it was closed', () =>
    collecting(async (metrics) => {
      let reads = 0;
      const gauge = observe(METRIC.webhooksOldestAge, () =>
        Promise.resolve([{ value: ++reads, attributes: {} }]),
      );
      expect(await metrics.value(age)).toBe(1);
      expect(await metrics.value(age)).toBe(2);
      gauge.close();
      await metrics.collect();
      expect(reads).toBe(2);
    }));

  it.each([
    ['rejects', () => Promise.reject(new Error('no database'))],
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
  ])('that %s fails nobody, and is back when it can be read', (_how, fail) =>
    collecting(async (metrics) => {
      let broken = true;
      const gauge = observe(METRIC.webhooksOldestAge, () =>
        broken ? fail() : Promise.resolve([{ value: 7, attributes: {} }]),
      );
      accepted('rest');
      const { errors, resourceMetrics } = await metrics.collect();
      expect(errors).toEqual([]);
      expect(JSON.stringify(resourceMetrics.scopeMetrics)).toContain(METRIC.emailsAccepted.name);
      expect(await metrics.value(age)).toBeNull();
      broken = false;
      expect(await metrics.value(age)).toBe(7);
      gauge.close();
    }),
  );

  it('that takes longer than who asks waits for does not keep him from the others', async () => {
    const { reader, url } = await scrapable({ host: '127.0.0.1', port: 0 });
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [reader] });
    const broker = Promise.withResolvers<[]>();
    const gauge = observe(METRIC.webhooksOldestAge, () => broker.promise);
    accepted('rest');
    const answer = async () =>
      (await fetch(url, { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '0.5' } })).text();
    let isBack = false;
    const back = setTimeout(() => {
      isBack = true;
      broker.resolve([]);
    }, 3_000);
    try {
      expect(await answer()).toContain('securemail_emails_accepted_total{');
      expect(isBack).toBe(false);
    } finally {
      clearTimeout(back);
      broker.resolve([]);
      gauge.close();
      await telemetry.shutdown();
    }
  });

  it('that can not be read any more has no value, instead of its last one, and that is counted', async () => {
    const { reader, url } = await scrapable({ host: '127.0.0.1', port: 0 });
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [reader] });
    let broken = false;
    const gauge = observe(METRIC.webhooksOldestAge, () =>
      broken ? Promise.reject(new Error('no database')) : Promise.resolve([{ value: 7, attributes: {} }]),
    );
    const lines = async () =>
      (await (await fetch(url)).text())
        .split('\n')
        .filter((line) => /^securemail_(webhooks|gauges)/.test(line))
        .map((line) => line.replace(/ \d{13}$/, ''));
    const unread = 'securemail_gauges_unread_total{securemail_metric="securemail.webhooks.oldest.age"';
    const told = async () => {
      const all = await lines();
      return {
        age: all.find((line) => line.startsWith('securemail_webhooks')) ?? null,
        unread: all.find((line) => line.startsWith(unread))?.split(' ')[1],
      };
    };
    try {
      expect(await told()).toEqual({ age: expect.stringMatching(/ 7$/), unread: '0' });
      broken = true;
      expect(await told()).toEqual({ age: null, unread: '1' });
      expect(await told()).toEqual({ age: null, unread: '2' });
      broken = false;
      expect(await told()).toEqual({ age: expect.stringMatching(/ 7$/), unread: '2' });
    } finally {
      gauge.close();
      await telemetry.shutdown();
    }
  });

  it('that takes long keeps nobody waiting for ever, and is not read twice at once', () =>
    collecting(async (metrics) => {
      let reads = 0;
      const gauge = observe(METRIC.webhooksOldestAge, () => {
        reads += 1;
        return new Promise(() => undefined);
      });
      await Promise.all([metrics.collect(), metrics.collect()]);
      expect(reads).toBe(1);
      gauge.close();
    }));
});

describe('OTEL_METRICS_EXPORTER', () => {
  const given = new Set<string>();
  const give = (name: string, value: string) => {
    given.add(name);
    process.env[name] = value;
  };
  afterEach(() => {
    for (const name of given) Reflect.deleteProperty(process.env, name);
    given.clear();
  });

  it('otlp sends metrics to the endpoint of the environment, the last ones at the end', async () => {
    const received: { path: string | undefined; body: string }[] = [];
    const collector = createServer((request, response) => {
      void buffer(request).then((body) => {
        received.push({ path: request.url, body: body.toString('latin1') });
        response.setHeader('Content-Type', 'application/x-protobuf').end();
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    give('OTEL_METRICS_EXPORTER', 'otlp');
    give('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
    const telemetry = await startTelemetry({ serviceName: 'securemail-test' });
    accepted('submission');
    await telemetry.shutdown();
    collector.close();
    expect(received.map(({ path }) => path)).toEqual(['/v1/metrics']);
    for (const text of ['securemail-test', METRIC.emailsAccepted.name, '{email}', 'submission']) {
      expect(received[0]?.body).toContain(text);
    }
    expect(received[0]?.body).not.toContain('process.command');
  });

  it.each([
    ['as it says', 'base2_exponential_bucket_histogram', 'exponentialHistogram'],
    ['where it says nothing of it', '', 'explicitBounds'],
  ])('otlp makes histograms exponential %s', async (_when, aggregation, sent) => {
    let received = '';
    const collector = createServer((request, response) => {
      void buffer(request).then((body) => {
        received += body.toString();
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    give('OTEL_METRICS_EXPORTER', 'otlp');
    give('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'http/json');
    give('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', aggregation);
    give('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
    const telemetry = await startTelemetry({ serviceName: 'securemail-test' });
    accepted('rest');
    record(METRIC.promiseDuration, 3, { [ATTRIBUTE.direction]: 'outbound' });
    await telemetry.shutdown();
    collector.close();
    const { metrics } = (
      JSON.parse(received) as {
        resourceMetrics: { scopeMetrics: { scope: { name: string }; metrics: { name: string }[] }[] }[];
      }
    ).resourceMetrics[0]!.scopeMetrics.find(({ scope }) => scope.name === 'securemail')!;
    const of = (name: string) => JSON.stringify(metrics.find((metric) => metric.name === name));
    expect(of(METRIC.promiseDuration.name)).toContain(sent);
    expect(of(METRIC.emailsAccepted.name)).toContain('"isMonotonic":true');
  });

  it('goes without, and the rest goes on, where the port is taken or a word is none', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    give('OTEL_METRICS_EXPORTER', 'prometheus,carrier-pigeon');
    give('OTEL_EXPORTER_PROMETHEUS_HOST', '127.0.0.1');
    give('OTEL_EXPORTER_PROMETHEUS_PORT', String((taken.address() as AddressInfo).port));
    const telemetry = await startTelemetry({ serviceName: 'securemail-test' });
    accepted('rest');
    const traceId = await withSpan('t', 'on', { parent: null }, (span) =>
      Promise.resolve(span.spanContext().traceId),
    );
    expect(traceId).not.toBe('0'.repeat(32));
    await telemetry.shutdown();
    taken.close();
  });

  it('prometheus lets them be fetched', async () => {
    const port = await freePort();
    give('OTEL_METRICS_EXPORTER', 'prometheus');
    give('OTEL_EXPORTER_PROMETHEUS_HOST', '127.0.0.1');
    give('OTEL_EXPORTER_PROMETHEUS_PORT', String(port));
    const telemetry = await startTelemetry({ serviceName: 'securemail-test' });
    const gauge = observe(METRIC.webhooksOldestAge, () => Promise.resolve([{ value: 61, attributes: {} }]));
    accepted('rest');
    record(METRIC.promiseDuration, 3, { [ATTRIBUTE.direction]: 'outbound' });
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    gauge.close();
    await telemetry.shutdown();
    expect(page).toMatch(/^securemail_emails_accepted_total\{.*securemail_channel="rest".*\} 1$/m);
    expect(page).toMatch(/^securemail_email_promise_duration_bucket\{.*le="5".*\} 1$/m);
    expect(page).toMatch(/^securemail_webhooks_oldest_age\{?.*\}? 61$/m);
  });
});

describe('what is scraped', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const SAMPLED = `00-${TRACE}-b7ad6b7169203331-01`;
  const outbound = { [ATTRIBUTE.direction]: 'outbound' };
  const took = (seconds: number, traceparent: string | null) => {
    withinTrace(traceparent, () => {
      record(METRIC.promiseDuration, seconds, outbound);
    });
  };
  /** Runs a test while metrics can be fetched, by an `Accept`. */
  async function scraping(
    test: (fetched: (accept: string) => Promise<{ type: string | null; lines: string[] }>) => Promise<void>,
  ): Promise<void> {
    const { reader, url } = await scrapable({ host: '127.0.0.1', port: 0 });
    const telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [reader] });
    try {
      await test(async (accept) => {
        const response = await fetch(url, { headers: { Accept: accept } });
        return { type: response.headers.get('content-type'), lines: (await response.text()).split('\n') };
      });
      expect((await fetch(url.replace('/metrics', '/other'))).status).toBe(404);
    } finally {
      await telemetry.shutdown();
    }
  }
  const OPEN = 'application/openmetrics-text;version=1.0.0';

  it('names a trace for each bucket: the last one in which a value of it was recorded', () =>
    scraping(async (fetched) => {
      took(3, `00-${'1'.repeat(32)}-b7ad6b7169203331-01`);
      took(4.5, SAMPLED);
      took(5_000, SAMPLED);
      // No trace is kept of these.
      took(0.1, SAMPLED.replace(/01$/, '00'));
      took(599, null);
      const { type, lines } = await fetched(OPEN);
      expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      const named = lines.filter((line) => line.includes(' # ')).map((line) => line.replace(/[\d.]+$/, 'T'));
      const bucket = (le: string) =>
        `securemail_email_promise_duration_bucket{securemail_email_direction="outbound",otel_scope_name="securemail",le="${le}"}`;
      const exemplar = `{trace_id="${TRACE}",span_id="b7ad6b7169203331"}`;
      expect(named).toEqual([
        `${bucket('5.0')} 3 # ${exemplar} 4.5 T`,
        `${bucket('+Inf')} 5 # ${exemplar} 5000 T`,
      ]);
    }));

  it('names the span at hand where something is measured in one', () =>
    scraping(async (fetched) => {
      const traceId = await withSpan('t', 'put', { parent: null }, (span) => {
        record(METRIC.vaultDuration, 0.02, {
          [ATTRIBUTE.vaultOperation]: 'put',
          [ATTRIBUTE.outcome]: 'done',
        });
        return Promise.resolve(span.spanContext().traceId);
      });
      const { lines } = await fetched(OPEN);
      expect(lines.filter((line) => line.includes(traceId))).toHaveLength(1);
    }));

  it('is the same series in both formats', () =>
    scraping(async (fetched) => {
      const gauge = observe(METRIC.webhooksOldestAge, () => Promise.resolve([{ value: 61, attributes: {} }]));
      accepted('a "quoted"\\ channel\nof two lines');
      took(3, SAMPLED);
      const [open, text] = [await fetched(OPEN), await fetched('text/plain')];
      gauge.close();
      expect(text.type).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(open.lines.slice(-2)).toEqual(['# EOF', '']);
      const samples = ({ lines }: { lines: string[] }) =>
        lines
          // What Node tells of itself differs from one moment to the next.
          .filter((line) => /^(securemail|target)_/.test(line))
          .map((line) => line.replace(/ # .*/, '').replace(/(le="\d+)\.0"/, '$1"'))
          .toSorted();
      expect(samples(open)).toEqual(samples(text));
      expect(open.lines).toEqual(
        expect.arrayContaining([
          '# TYPE securemail_emails_accepted counter',
          '# TYPE securemail_email_promise_duration histogram',
          '# TYPE securemail_webhooks_oldest_age gauge',
          '# TYPE target info',
        ]),
      );
      expect(open.lines.filter((line) => line.startsWith('# UNIT'))).toEqual([]);
    }));

  it.each([
    // Prometheus 2.42, 3.5; with the text format wanted first; a browser; curl.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      true,
    ],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      true,
    ],
    ['text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5', false],
    ['application/openmetrics-text;version=0.0.1', false],
    ['application/openmetrics-text;q=0', false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
    ['*/*', false],
    [undefined, false],
  ])('is OpenMetrics for who asks for it first: %s', (accept, expected) => {
    expect(prefersOpenMetrics(accept)).toBe(expected);
  });
});
