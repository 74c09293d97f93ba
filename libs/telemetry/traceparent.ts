// SPDX-License-Identifier: Apache-2.0
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** The active span as a W3C Trace Context `traceparent` (version 00); null outside of any span. */
export function currentTraceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return null;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** A context whose active span is the remote one that `traceparent` names; the root for null and for nonsense. */
export function contextFromTraceparent(traceparent: string | null): Context {
  const span = spanContextOf(traceparent);
  return span === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
}

/** Does `work` as if inside the span that `traceparent` names, without a span of its own: what it records belongs there. */
export const withinTrace = <Result>(traceparent: string | null, work: () => Result): Result =>
  context.with(contextFromTraceparent(traceparent), work);

export function spanContextOf(traceparent: string | null): SpanContext | null {
  const span = traceparent === null ? null : parseTraceParent(traceparent);
  return span === null ? null : { ...span, isRemote: true };
}
