// SPDX-License-Identifier: Apache-2.0
/** What a log line tells of an error. */
export interface DescribedError {
  type: string;
  code?: string | number;
  /** Only of errors that were marked by {@link withSafeMessage}. */
  message?: string;
  /** Stack frames without the head line, which repeats the message. */
  stack: string[];
  cause?: DescribedError;
  /** Of an AggregateError. */
  errors?: DescribedError[];
}

const safe = new WeakSet<Error>();
const MAX_DEPTH = 5;
const FRAME = /^ {4}at \S.*(:\d+:\d+|<anonymous>|native)\)?$/;

/** Vouches that the message of this very error names no person and no secret: it may be logged. */
export function withSafeMessage<E extends Error>(error: E): E {
  safe.add(error);
  return error;
}

/** The `error.type` of semantic conventions: the class of an error, never its message. */
export function errorType(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Describes what was thrown by type, code and place. Messages may quote mail, so they stay out: see README. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: errorType(error), stack: [] };
  const described: DescribedError = { type: error.name, stack: framesOf(error) };
  if ('code' in error && isCode(error.code)) described.code = error.code;
  if (safe.has(error)) described.message = error.message;
  if (depth < MAX_DEPTH) {
    if (error.cause !== undefined) described.cause = describeError(error.cause, depth + 1);
    if (error instanceof AggregateError) {
      described.errors = error.errors.map((each) => describeError(each, depth + 1));
    }
  }
  return described;
}

const isCode = (code: unknown): code is string | number =>
  typeof code === 'number' || (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code));

/** A message of several lines can look like frames: it is cut off first, and only what looks like a frame stays. */
function framesOf({ stack, message }: Error): string[] {
  if (stack === undefined) return [];
  const at = stack.indexOf(message);
  const frames = at < 0 ? stack : stack.slice(at + message.length);
  return frames
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) => line.trim());
}
