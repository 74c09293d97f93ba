// SPDX-License-Identifier: Apache-2.0
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import {
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import { readersOfEnvironment } from './metric-readers.ts';

export interface TelemetryOptions {
  /** `service.name` of everything that is exported. */
  serviceName: string;
  serviceVersion?: string;
  /** See every span beside the exporter: a test or the demo collects them in memory. */
  extraSpanProcessors?: readonly SpanProcessor[];
  /** Read metrics in place of what `OTEL_METRICS_EXPORTER` names: a test collects them in memory. */
  metricReaders?: readonly IMetricReader[];
}

export interface Telemetry {
  /** Sends what is still waiting, as far as the collector takes it, then forgets the SDK, so that it may be started again. */
  shutdown(): Promise<void>;
}

/**
 * Starts OpenTelemetry for this process; once, before anything makes a span.
 *
 * Spans go out by OTLP (http/protobuf) where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is
 * set. Without it they go nowhere, but they have ids, so that `traceparent` in events and `trace_id` in logs work the
 * same. Metrics go out where `OTEL_METRICS_EXPORTER` says; without it nothing is counted and no gauge is read.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const exporting = exportsTraces() ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : [];
  const spanProcessors = [...exporting, ...(options.extraSpanProcessors ?? [])];
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: options.serviceName,
      ...(options.serviceVersion === undefined ? {} : { [ATTR_SERVICE_VERSION]: options.serviceVersion }),
    }),
    // Not the process and host detectors: they export the command line and the name of the user.
    resourceDetectors: [resourceAttributesEnvDetector, serviceInstanceIdDetector],
    textMapPropagator: new W3CTraceContextPropagator(),
    // With no processor the SDK would make no ids.
    spanProcessors: spanProcessors.length > 0 ? spanProcessors : [new NoopSpanProcessor()],
    logRecordProcessors: [],
    // How long the event loop keeps others waiting, memory, and collecting garbage.
    instrumentations: exportsMetrics(options) ? [new RuntimeNodeInstrumentation()] : [],
    metricReaders: [...(options.metricReaders ?? (await readersOfEnvironment()))],
  });
  sdk.start();
  return {
    async shutdown() {
      try {
        await sdk.shutdown();
      } catch {
        // The collector is away: what was still to be sent is lost, and that is no failure of the work it tells of.
      } finally {
        for (const api of [trace, context, propagation, metrics]) api.disable();
      }
    },
  };
}

const exportsTraces = (): boolean =>
  isSet('OTEL_EXPORTER_OTLP_ENDPOINT') || isSet('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');

const exportsMetrics = ({ metricReaders }: TelemetryOptions): boolean =>
  metricReaders !== undefined || isSet('OTEL_METRICS_EXPORTER');

const isSet = (name: string): boolean => (process.env[name] ?? '') !== '';
