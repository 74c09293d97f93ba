// SPDX-License-Identifier: Apache-2.0
import type { Attributes } from '@opentelemetry/api';
import {
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { ATTR_OTEL_SCOPE_NAME, ATTR_OTEL_SCOPE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Exemplar, Exemplars } from './exemplars.ts';

export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Scope = ResourceMetrics['scopeMetrics'][number]['scope'];
interface Scoped {
  metric: MetricData;
  scope: Scope;
}

/**
 * Metrics as OpenMetrics 1.0, with exemplars; series are called as OpenTelemetry's exporter for Prometheus calls them. By
 * hand, as that one writes the older format alone. Without units, which OpenMetrics takes only where a name ends in them.
 */
export function openMetrics({ resource, scopeMetrics }: ResourceMetrics, exemplars: Exemplars): string {
  const all = scopeMetrics.flatMap(({ scope, metrics }) => metrics.map((metric) => ({ metric, scope })));
  const families = [...Map.groupBy(all, ({ metric }) => familyOf(metric))];
  const target = [
    '# TYPE target info',
    '# HELP target Target metadata',
    sample('target_info', resource.attributes, 1),
  ];
  const lines = [...target, ...families.flatMap(([name, of]) => family(name, of, exemplars)), '# EOF'];
  return `${lines.join('\n')}\n`;
}

function family(name: string, of: readonly Scoped[], exemplars: Exemplars): string[] {
  const [first] = of;
  if (first === undefined) return [];
  const type = typeOf(first.metric);
  const samples = of
    // A family has one type; OpenTelemetry warns of metrics that contradict each other.
    .filter(({ metric }) => typeOf(metric) === type)
    .flatMap(({ metric, scope }) => samplesOf(name, metric, scopeLabels(scope), exemplars));
  if (samples.length === 0) return [];
  const help = escaped(first.metric.descriptor.description);
  return [`# TYPE ${name} ${type}`, `# HELP ${name} ${help}`, ...samples];
}

function samplesOf(name: string, metric: MetricData, scope: Attributes, exemplars: Exemplars): string[] {
  const called = metric.descriptor.name;
  if (metric.dataPointType === DataPointType.HISTOGRAM)
    return metric.dataPoints.flatMap((point) => histogram({ name, called, point, scope, exemplars }));
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return [];
  const suffix = typeOf(metric) === 'counter' ? '_total' : '';
  return metric.dataPoints.map(({ attributes, value }) =>
    sample(`${name}${suffix}`, { ...attributes, ...scope }, value),
  );
}

interface HistogramSeries {
  name: string;
  /** As OpenTelemetry knows it. */
  called: string;
  point: DataPoint<Histogram>;
  scope: Attributes;
  exemplars: Exemplars;
}

function histogram({ name, called, point, scope, exemplars }: HistogramSeries): string[] {
  const { attributes, value } = point;
  const labels = { ...attributes, ...scope };
  let sum = 0;
  const buckets = value.buckets.counts.map((count, index) => {
    const bound = value.buckets.boundaries[index] ?? Infinity;
    sum += count;
    const exemplar = exemplars.of(called, attributes, bound);
    const shown = exemplar === undefined || count === 0 ? '' : exemplarOf(exemplar);
    return `${sample(`${name}_bucket`, { ...labels, le: boundOf(bound) }, sum)}${shown}`;
  });
  const total = value.sum === undefined ? [] : [sample(`${name}_sum`, labels, value.sum)];
  return [...buckets, sample(`${name}_count`, labels, value.count), ...total];
}

const exemplarOf = ({ traceId, spanId, value, at }: Exemplar): string =>
  ` # {trace_id="${traceId}",span_id="${spanId}"} ${numeral(value)} ${at}`;

function typeOf(metric: MetricData): 'counter' | 'gauge' | 'histogram' {
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'gauge';
  return metric.dataPointType === DataPointType.GAUGE ? 'gauge' : 'histogram';
}

const familyOf = (metric: MetricData): string => {
  const name = nameOf(metric.descriptor.name);
  return typeOf(metric) === 'counter' ? name.replace(/_total$/, '') : name;
};

const scopeLabels = ({ name, version, schemaUrl }: Scope): Attributes => ({
  [ATTR_OTEL_SCOPE_NAME]: name,
  ...(schemaUrl ? { 'otel.scope.schema_url': schemaUrl } : {}),
  ...(version ? { [ATTR_OTEL_SCOPE_VERSION]: version } : {}),
});

function sample(name: string, labels: Attributes, value: number): string {
  const of = Object.entries(labels).map(
    ([label, text]) =>
      `${nameOf(label)}="${escaped(typeof text === 'string' ? text : JSON.stringify(text))}"`,
  );
  return `${name}${of.length === 0 ? '' : `{${of.join(',')}}`} ${numeral(value)}`;
}

const nameOf = (name: string): string => name.replaceAll(/[^a-z0-9_]/gi, '_').replaceAll(/_{2,}/g, '_');

const escaped = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('"', String.raw`\"`);

const numeral = (value: number): string =>
  Number.isFinite(value) ? String(value) : String(value).replace('Infinity', 'Inf').replace(/^Inf/, '+Inf');

/** OpenMetrics has the bounds of buckets as floats, as Prometheus 3 has by itself. */
const boundOf = (bound: number): string => (Number.isInteger(bound) ? `${bound}.0` : numeral(bound));
