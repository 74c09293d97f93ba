// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import protobuf from 'protobufjs';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  service: string;
  attributes: Record<string, string>;
}

/** What we read of OTLP (opentelemetry-proto 1.x, trace/v1); unknown fields are skipped. */
const OTLP = `
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span { bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; repeated KeyValue attributes = 9; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { string string_value = 1; }
`;
const Request = protobuf.parse(OTLP).root.lookupType('Request');

interface KeyValue {
  key: string;
  value?: { stringValue?: string };
}
interface Decoded {
  resourceSpans: {
    resource?: { attributes?: KeyValue[] };
    scopeSpans: {
      spans: {
        traceId: Buffer;
        spanId: Buffer;
        parentSpanId: Buffer;
        name: string;
        attributes?: KeyValue[];
      }[];
    }[];
  }[];
}

/** A collector that keeps the spans it is sent over OTLP (http/protobuf). */
export async function startTraceCollector() {
  const spans: CollectedSpan[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      spans.push(...spansIn(Request.decode(body) as unknown as Decoded));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The spans of a trace, once they satisfy the condition. */
    async trace(
      traceId: string,
      complete: (spans: readonly CollectedSpan[]) => boolean,
    ): Promise<CollectedSpan[]> {
      for (;;) {
        const found = spans.filter((span) => span.traceId === traceId);
        if (complete(found)) return found;
        await sleep(100);
      }
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function spansIn({ resourceSpans }: Decoded): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = attributesOf(resource?.attributes)['service.name'] ?? '';
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ traceId, spanId, parentSpanId, name, attributes }) => ({
        traceId: Buffer.from(traceId).toString('hex'),
        spanId: Buffer.from(spanId).toString('hex'),
        parentSpanId: Buffer.from(parentSpanId).toString('hex'),
        name,
        service,
        attributes: attributesOf(attributes),
      })),
    );
  });
}

const attributesOf = (list: readonly KeyValue[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value?.stringValue ?? '']));
