// SPDX-License-Identifier: Apache-2.0
import {
  context,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanOptions as OtelSpanOptions,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_EXCEPTION_TYPE } from '@opentelemetry/semantic-conventions';
import { contextFromTraceparent, spanContextOf } from './traceparent.ts';
import { errorType } from './describe-error.ts';

export interface SpanOptions {
  /** Default: `SpanKind.INTERNAL`. */
  kind?: OtelSpanOptions['kind'] | undefined;
  /** Names from `names.ts`; never content, subject, address or key. */
  attributes?: Attributes | undefined;
  /** A `traceparent`. Null: a trace of its own. Left out: the active span. */
  parent?: string | null | undefined;
  /** `traceparent`s of spans that led here without being the parent. Unreadable ones are left out. */
  links?: readonly (string | null)[] | undefined;
}

/**
 * Does `work` inside a span. A failure is noted by the type of the error alone, for a message may name a person, and
 * is thrown on.
 */
export async function withSpan<Result>(
  tracerName: string,
  spanName: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const { kind, attributes, parent, links } = options;
  return await trace.getTracer(tracerName).startActiveSpan(
    spanName,
    {
      ...(kind === undefined ? {} : { kind }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(links === undefined ? {} : { links: linksTo(links) }),
    },
    parent === undefined ? context.active() : contextFromTraceparent(parent),
    async (span) => {
      try {
        return await work(span);
      } catch (error) {
        span.addEvent('exception', { [ATTR_EXCEPTION_TYPE]: errorType(error) });
        span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}

function linksTo(traceparents: readonly (string | null)[]) {
  return traceparents.flatMap((traceparent) => {
    const span = spanContextOf(traceparent);
    return span === null ? [] : [{ context: span }];
  });
}
