// SPDX-License-Identifier: Apache-2.0
import { getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from '@opentelemetry/core';
import {
  AggregationType,
  ConsoleMetricExporter,
  InstrumentType,
  PeriodicExportingMetricReader,
  type AggregationOption,
  type IMetricReader,
} from '@opentelemetry/sdk-metrics';
import { createLogger } from './logger.ts';
import { scrapable } from './scrapable.ts';
import { temporalityOf } from './temporality.ts';

/**
 * What `OTEL_METRICS_EXPORTER` names, by the variables of OpenTelemetry's Node SDK. By hand, as the SDK takes its own
 * readers or ours, and its own know neither exemplars nor exponential histograms.
 */
export async function readersOfEnvironment(): Promise<IMetricReader[]> {
  const named = new Set(getStringListFromEnv('OTEL_METRICS_EXPORTER') ?? []);
  if (named.has('none')) return [];
  const readers = await Promise.all([...named].map((name) => READERS[name]?.() ?? unknown(name)));
  return readers.filter((reader) => reader !== null);
}

const READERS: Record<string, () => Promise<IMetricReader | null>> = {
  otlp,
  prometheus,
  console: () => Promise.resolve(periodic(new ConsoleMetricExporter())),
};

function unknown(name: string): Promise<null> {
  createLogger('telemetry').error({ exporter: name }, 'OTEL_METRICS_EXPORTER names what is not there');
  return Promise.resolve(null);
}

/** Where the port is taken there are no metrics, and everything else goes on. */
async function prometheus(): Promise<IMetricReader | null> {
  const host = getStringFromEnv('OTEL_EXPORTER_PROMETHEUS_HOST') ?? 'localhost';
  const port = getNumberFromEnv('OTEL_EXPORTER_PROMETHEUS_PORT') ?? 9464;
  try {
    return (await scrapable({ host, port })).reader;
  } catch (err) {
    createLogger('telemetry').error({ err, port }, 'metrics can not be fetched');
    return null;
  }
}

async function otlp(): Promise<IMetricReader> {
  const { OTLPMetricExporter } = await otlpModule();
  return periodic(new OTLPMetricExporter({ aggregationPreference }));
}

/** @default http/protobuf */
function otlpModule() {
  const protocol =
    getStringFromEnv('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ??
    getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'grpc') return import('@opentelemetry/exporter-metrics-otlp-grpc');
  if (protocol === 'http/json') return import('@opentelemetry/exporter-metrics-otlp-http');
  return import('@opentelemetry/exporter-metrics-otlp-proto');
}

/** Of OpenTelemetry's specification, and not read by its SDK for JavaScript (0.301.0). */
function aggregationPreference(instrument: InstrumentType): AggregationOption {
  const wanted = getStringFromEnv('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION');
  return instrument === InstrumentType.HISTOGRAM && wanted === 'base2_exponential_bucket_histogram'
    ? { type: AggregationType.EXPONENTIAL_HISTOGRAM }
    : { type: AggregationType.DEFAULT };
}

type Exporter = ConstructorParameters<typeof PeriodicExportingMetricReader>[0]['exporter'];

function periodic(exporter: Exporter): IMetricReader {
  // Each knows only whether all is to be a sum, or nothing.
  const asked = exporter.selectAggregationTemporality?.bind(exporter);
  exporter.selectAggregationTemporality = (type) =>
    type === InstrumentType.OBSERVABLE_GAUGE ? temporalityOf(type) : (asked ?? temporalityOf)(type);
  const exportIntervalMillis = getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000;
  const exportTimeoutMillis = Math.min(
    getNumberFromEnv('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000,
    exportIntervalMillis,
  );
  return new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis });
}
