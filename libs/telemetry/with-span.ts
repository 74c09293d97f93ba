// SPDX-License-Identifier: Apache-2.0
import {
  context,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
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

/** A span to be: what {@link withSpan} takes one by one. */
export interface NamedSpan {
  spanName: string;
  options: SpanOptions;
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
  const { span, within } = begin(tracerName, { spanName, options });
  return context.with(within, () => ended([span], () => work(span)));
}

/**
 * Does one piece of `work` for many traces: each gets its span, and all tell the same outcome. Where there are
 * several, none of them is the active one, for nothing inside belongs to one alone.
 */
export async function withSpans<Result>(
  tracerName: string,
  spans: readonly NamedSpan[],
  work: () => Promise<Result>,
): Promise<Result> {
  const [only, ...others] = spans;
  if (only !== undefined && others.length === 0)
    return withSpan(tracerName, only.spanName, only.options, work);
  return ended(
    spans.map((each) => begin(tracerName, each).span),
    work,
  );
}

function begin(tracerName: string, { spanName, options }: NamedSpan): { span: Span; within: Context } {
  const { kind, attributes, parent, links } = options;
  const outer = parent === undefined ? context.active() : contextFromTraceparent(parent);
  const span = trace.getTracer(tracerName).startSpan(
    spanName,
    {
      ...(kind === undefined ? {} : { kind }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(links === undefined ? {} : { links: linksTo(links) }),
    },
    outer,
  );
  return { span, within: trace.setSpan(outer, span) };
}

async function ended<Result>(spans: readonly Span[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    for (const span of spans) {
      span.addEvent('exception', { [ATTR_EXCEPTION_TYPE]: errorType(error) });
      span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

function linksTo(traceparents: readonly (string | null)[]) {
  return traceparents.flatMap((traceparent) => {
    const span = spanContextOf(traceparent);
    return span === null ? [] : [{ context: span }];
  });
}
