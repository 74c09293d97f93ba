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

/** Whether the database, or the way to it, is at fault: the same statement may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return CODES.test(code) || MESSAGES.test(error.message);
}
