// SPDX-License-Identifier: Apache-2.0
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { pino, stdTimeFunctions, type Bindings, type DestinationStream, type Logger, type LogFn } from 'pino';
import { withoutAddresses, withoutSecrets } from './without-secrets.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Default: standard output. */
  destination?: DestinationStream;
  /** Default: `LOG_LEVEL`, else `info`. */
  level?: string;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * A logger of JSON lines: `level`, `time` (RFC 3339, UTC), `service`, `trace_id` and `span_id` of the active span,
 * `msg`. Pass errors as `{ err }`. What it must not carry is taken out as a second net (README); the first is not to
 * pass it.
 */
export function createLogger(service: string, options: LoggerOptions = {}): Logger {
  const asked = options.level ?? process.env['LOG_LEVEL']?.toLowerCase() ?? 'info';
  const logger = pino(
    {
      level: LEVELS.includes(asked) ? asked : 'info',
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      mixin: activeSpan,
      formatters: {
        level: (level) => ({ level }),
        log: (fields) => withoutSecrets(fields) as Record<string, unknown>,
      },
      // Errors are described by `formatters.log`; pino's own serializer would add their messages.
      serializers: { err: (described: unknown) => described },
      hooks: { logMethod: withMessageOfOurs },
    },
    ...(options.destination === undefined ? [] : [options.destination]),
  );
  sealChildren(logger);
  if (!LEVELS.includes(asked))
    logger.warn({ levels: LEVELS }, 'LOG_LEVEL is none of the levels: info is used');
  return logger;
}

/** Without a message pino takes that of the error; and a message may quote an address. */
function withMessageOfOurs(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, ...rest] = args as unknown[];
  const values = rest.map((value) => withoutSecrets(value));
  if (typeof first === 'string') {
    method.apply(this, [withoutAddresses(first), ...values] as Parameters<LogFn>);
    return;
  }
  const fields = first instanceof Error ? { err: first } : first;
  method.apply(this, [fields, ...(values[0] === undefined ? [''] : values)] as Parameters<LogFn>);
}

/** pino writes the bindings of a child past every formatter. Children inherit this from their parent. */
function sealChildren(logger: Logger): void {
  const inherited = Object.getPrototypeOf(logger) as Pick<Logger, 'child'>;
  logger.child = function (this: Logger, bindings: object, options) {
    return inherited.child.call(this, withoutSecrets(bindings) as Bindings, options);
  } as Logger['child'];
}

function activeSpan(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}
