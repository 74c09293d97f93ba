// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { currentTraceparent, SpanKind, startTelemetry, withSpan, type Telemetry } from './index.ts';

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('withSpan', () => {
  const spans = new InMemorySpanExporter();
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await startTelemetry({
      serviceName: 'test',
      extraSpanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
    });
  });
  beforeEach(() => {
    spans.reset();
  });
  afterAll(() => telemetry.shutdown());

  it('continues the trace of a traceparent that was stored hours ago', async () => {
    await withSpan('t', 'late', { kind: SpanKind.CONSUMER, parent: REMOTE }, async () => {
      expect(currentTraceparent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
      return Promise.resolve();
    });
    expect(spans.getFinishedSpans()[0]).toMatchObject({
      name: 'late',
      kind: SpanKind.CONSUMER,
      parentSpanContext: { spanId: 'b7ad6b7169203331', isRemote: true },
    });
  });

  it('makes spans inside of it its children, and begins a trace of its own for the parent null', async () => {
    await withSpan('t', 'outer', {}, async (outer) => {
      const inner = await withSpan('t', 'inner', {}, (span) => Promise.resolve(span.spanContext()));
      const apart = await withSpan('t', 'apart', { parent: null }, (span) =>
        Promise.resolve(span.spanContext()),
      );
      expect(inner.traceId).toBe(outer.spanContext().traceId);
      expect(apart.traceId).not.toBe(outer.spanContext().traceId);
    });
    expect(currentTraceparent()).toBeNull();
  });

  it.each([
    '',
    'nonsense',
    `${REMOTE.slice(0, -2)}zz`,
    REMOTE.replace(/b7ad6b7169203331/, '0000000000000000'),
  ])('begins a trace of its own where the traceparent is unreadable: "%s"', async (parent) => {
    await withSpan('t', 'x', { parent, links: [parent] }, () => Promise.resolve());
    const [span] = spans.getFinishedSpans();
    expect(span?.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext).toBeUndefined();
    expect(span?.links).toEqual([]);
  });

  it('links to spans that led here', async () => {
    await withSpan('t', 'x', { links: [REMOTE, null] }, () => Promise.resolve());
    expect(spans.getFinishedSpans()[0]?.links).toMatchObject([{ context: { spanId: 'b7ad6b7169203331' } }]);
  });

  it('notes a failure by its type and never by its message, and throws it on', async () => {
    const failure = new RangeError('no mailbox bob@example.org');
    await expect(withSpan('t', 'x', {}, () => Promise.reject(failure))).rejects.toBe(failure);
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'RangeError' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'RangeError' } }],
    });
    expect(JSON.stringify([span?.status, span?.attributes, span?.events])).not.toContain('bob');
  });
});

describe('startTelemetry', () => {
  it('makes ids for traceparents also where nothing is exported', async () => {
    const telemetry = await startTelemetry({ serviceName: 'test' });
    try {
      await withSpan('t', 'x', {}, () => {
        expect(currentTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
        return Promise.resolve();
      });
    } finally {
      await telemetry.shutdown();
    }
  });

  it('sends spans by OTLP to the endpoint of the environment before it has shut down', async () => {
    const received: { path: string | undefined; body: string }[] = [];
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url, body: Buffer.concat(chunks).toString('latin1') });
        response.setHeader('Content-Type', 'application/x-protobuf').end();
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
    try {
      const telemetry = await startTelemetry({ serviceName: 'securemail-test', serviceVersion: '1.2.3' });
      await withSpan('t', 'a span that travels', {}, () => Promise.resolve());
      await telemetry.shutdown();
      expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
      for (const text of ['a span that travels', 'securemail-test', '1.2.3']) {
        expect(received[0]?.body).toContain(text);
      }
      expect(received[0]?.body).not.toContain('process.command');
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
      collector.close();
    }
  });
});
