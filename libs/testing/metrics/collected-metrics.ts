// SPDX-License-Identifier: Apache-2.0
import { MetricReader, type Histogram } from '@opentelemetry/sdk-metrics';

export interface MetricPoint {
  attributes: Record<string, unknown>;
  /** Of a histogram: how many there were. */
  value: number;
  /** Of a histogram. */
  sum?: number;
  boundaries?: readonly number[];
}

/** Reads metrics in memory, from the moment it is given to `startTelemetry`. */
export class CollectedMetrics extends MetricReader {
  /** The values that a metric has now, for each set of attributes; empty where nothing was ever recorded. */
  async points(name: string): Promise<MetricPoint[]> {
    const { resourceMetrics } = await this.collect();
    const found = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name);
    return found.flatMap(({ dataPoints }) =>
      dataPoints.map(({ attributes, value }) => ({ attributes, ...valueOf(value) })),
    );
  }

  /** The value of a metric with exactly these attributes; null where it was never recorded. */
  async value(name: string, attributes: Record<string, string> = {}): Promise<number | null> {
    const points = await this.points(name);
    return points.find((point) => sameAs(point.attributes, attributes))?.value ?? null;
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function valueOf(value: unknown): Omit<MetricPoint, 'attributes'> {
  if (typeof value === 'number') return { value };
  const { count, sum, buckets } = value as Histogram;
  return { value: count, sum: sum ?? 0, boundaries: buckets.boundaries };
}

const sameAs = (some: Record<string, unknown>, others: Record<string, unknown>): boolean =>
  JSON.stringify(Object.entries(some).toSorted()) === JSON.stringify(Object.entries(others).toSorted());
