// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import {
  metrics,
  type Counter,
  type Histogram,
  type MeterProvider,
  type MetricOptions,
  type ObservableCallback,
} from '@opentelemetry/api';
import { noteExemplar } from './exemplars.ts';
import { ATTRIBUTE, METRIC, type Metric } from './names.ts';

type MetricOf<Instrument extends Metric['instrument']> = Extract<
  (typeof METRIC)[keyof typeof METRIC],
  { instrument: Instrument }
>;

/** Exactly the attributes that the metric is declared with. */
type AttributesOf<M extends Metric> = Record<M['attributes'][number], string>;
type WithAttributes<M extends Metric> = M['attributes'] extends readonly []
  ? []
  : [attributes: AttributesOf<M>];

export interface Observation<M extends Metric> {
  value: number;
  attributes: AttributesOf<M>;
}

/** One more. Does nothing where metrics are not exported. */
export function count<M extends MetricOf<'counter'>>(metric: M, ...[attributes]: WithAttributes<M>): void {
  counterOf(metric).add(1, attributes);
}

/**
 * Shows a counter before anything was counted, so that the first one is seen as a rise: who collects takes a counter that
 * was never there for one that has no past.
 */
export function countFromZero<M extends MetricOf<'counter'>>(
  metric: M,
  ...[attributes]: WithAttributes<M>
): void {
  counterOf(metric).add(0, attributes);
}

/** One value of many, which belongs to the active span. Does nothing where metrics are not exported. */
export function record<M extends MetricOf<'histogram'>>(
  metric: M,
  value: number,
  ...[attributes]: WithAttributes<M>
): void {
  histogramOf(metric).record(value, attributes);
  noteExemplar(metric, value, attributes ?? {});
}

/** Who collects is not kept waiting for longer, milliseconds: what can be told at once must not be lost with the rest. */
const PATIENCE_MS = 5_000;

/**
 * Has `read` called whenever metrics are collected, and never where they are not exported. Where it throws or takes too
 * long there is no value, and that is counted: a metric fails nobody, and nobody takes what is not known for what was last.
 * Who has nothing to tell tells 0. Reads never overlap.
 *
 * @returns what ends it.
 */
export function observe<M extends MetricOf<'gauge'>>(
  metric: M,
  read: () => Promise<readonly Observation<M>[]>,
): { close: () => void } {
  let reading: Promise<readonly Observation<M>[] | null> | undefined;
  const readOnce = async () => {
    try {
      return await read();
    } catch {
      return null;
    }
  };
  const unread = { [ATTRIBUTE.metric]: metric.name };
  countFromZero(METRIC.gaugesUnread, unread);
  const tell: ObservableCallback = async (result) => {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    const read = await Promise.race([reading, sleep(PATIENCE_MS, null, { ref: false })]);
    if (read === null) count(METRIC.gaugesUnread, unread);
    for (const { value, attributes } of read ?? []) result.observe(value, attributes);
  };
  const gauge = meter().createObservableGauge(metric.name, optionsOf(metric));
  gauge.addCallback(tell);
  return {
    close: () => {
      gauge.removeCallback(tell);
    },
  };
}

const meter = () => metrics.getMeter('securemail');

const optionsOf = ({ unit, description, boundaries }: Metric): MetricOptions => ({
  unit,
  description,
  ...(boundaries === undefined ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } }),
});

const counterOf = once<Counter>((metric) => meter().createCounter(metric.name, optionsOf(metric)));
const histogramOf = once<Histogram>((metric) => meter().createHistogram(metric.name, optionsOf(metric)));

/** An instrument belongs to a provider, and there is another one after each start of telemetry. */
function once<Instrument>(create: (metric: Metric) => Instrument): (metric: Metric) => Instrument {
  const created = new WeakMap<MeterProvider, Map<string, Instrument>>();
  return (metric) => {
    const provider = metrics.getMeterProvider();
    const known = created.get(provider) ?? new Map<string, Instrument>();
    created.set(provider, known);
    const instrument = known.get(metric.name) ?? create(metric);
    known.set(metric.name, instrument);
    return instrument;
  };
}
