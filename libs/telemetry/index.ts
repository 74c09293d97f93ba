// SPDX-License-Identifier: Apache-2.0
export { SpanKind, SpanStatusCode, type Attributes, type Context, type Span } from '@opentelemetry/api';
export { describeError, errorType, withSafeMessage, type DescribedError } from './describe-error.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { count, countFromZero, observe, record, type Observation } from './meter.ts';
export { ATTRIBUTE, METRIC, type Metric } from './names.ts';
export { scrapable } from './scrapable.ts';
export { scraped } from './scraped.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './start-telemetry.ts';
export { reached, STEPS, type Step } from './steps.ts';
export { contextFromTraceparent, currentTraceparent, withinTrace } from './traceparent.ts';
export { withSpan, withSpans, type NamedSpan, type SpanOptions } from './with-span.ts';
