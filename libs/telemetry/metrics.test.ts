// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CollectedMetrics, freePort } from '@securemail/testing';
import { ATTRIBUTE, count, countFromZero, METRIC, observe, record, startTelemetry } from './index.ts';
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
