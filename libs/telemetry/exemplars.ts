// SPDX-License-Identifier: Apache-2.0
import { isSpanContextValid, trace, TraceFlags, type Attributes } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { Metric } from './names.ts';

/** A value of a bucket, and the span that it was recorded in. */
export interface Exemplar {
  value: number;
  traceId: string;
  spanId: string;
  /** Seconds since 1970. */
  at: number;
}

/** As many as OpenTelemetry's SDK keeps of one metric; all of ours together are far fewer. */
const MOST_SERIES = 2_000;

/** The last exemplar of each bucket of each series. By hand, as OpenTelemetry's SDK for JavaScript keeps none. */
export class Exemplars {
  readonly #series = new LRUCache<string, Map<number, Exemplar>>({ max: MOST_SERIES });

  note({ name, boundaries = [] }: Metric, attributes: Attributes, exemplar: Exemplar): void {
    const key = keyOf(name, attributes);
    const buckets = this.#series.get(key) ?? new Map<number, Exemplar>();
    buckets.set(boundaries.find((bound) => exemplar.value <= bound) ?? Infinity, exemplar);
    this.#series.set(key, buckets);
  }

  /** Of the bucket with this upper bound. */
  of(name: string, attributes: Attributes, bound: number): Exemplar | undefined {
    return this.#series.peek(keyOf(name, attributes))?.get(bound);
  }
}

const keyOf = (name: string, attributes: Attributes): string =>
  JSON.stringify([name, ...Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

const kept = new Set<Exemplars>();

/** Has exemplars kept, from now on until `close`. Where nobody shows them none are. */
export function keepExemplars(): { exemplars: Exemplars; close: () => void } {
  const exemplars = new Exemplars();
  kept.add(exemplars);
  return { exemplars, close: () => void kept.delete(exemplars) };
}

/** A value that is recorded in a span that is sampled may stand for its bucket. */
export function noteExemplar(metric: Metric, value: number, attributes: Attributes): void {
  if (kept.size === 0) return;
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span) || (span.traceFlags & TraceFlags.SAMPLED) === 0) return;
  const { traceId, spanId } = span;
  for (const exemplars of kept)
    exemplars.note(metric, attributes, { value, traceId, spanId, at: Date.now() / 1_000 });
}
