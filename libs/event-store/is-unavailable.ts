// SPDX-License-Identifier: Apache-2.0

/**
 * The database says that it is not there, read-only, full, shutting down, or can't write (SQLSTATE 08, 25006, 53, 55,
 * 57P, 58), or the way to it is broken.
 */
const CODES =
  /^(08|25006|53|55|57P|58)|^(ECONN(ABORTED|REFUSED|RESET)|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|ENOSPC)$/;
/** What `pg` says of a lost connection has no code. */
const MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|Query read timeout/;

/** The rest of it, by the words of `pg` and `pg-pool` alone, and what people who read a log may call it. */
const NAMELESS: readonly (readonly [RegExp, string])[] = [
  [/^timeout exceeded when trying to connect$/, 'NoConnectionInTimeError'],
  [/^(Connection terminated due to connection timeout|timeout expired)$/, 'NoConnectionInTimeError'],
  [/^Query read timeout$/, 'QueryTimeoutError'],
  [
    /^(Connection terminated( unexpectedly)?|Client (has encountered a connection error|was closed) and is not queryable)$/,
    'ConnectionLostError',
  ],
];

/** What `pg` throws as a mere `Error`, without a code, by a name that says what it was; null where it is none of these. */
export function namelessFault({ name, message }: Error): string | null {
  if (name !== 'Error') return null;
  return NAMELESS.find(([words]) => words.test(message))?.[1] ?? null;
}

/** Whether the database, or the way to it, is at fault: the same statement may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return CODES.test(code) || MESSAGES.test(error.message);
}
