// SPDX-License-Identifier: Apache-2.0
import { UnreadableEventError } from '@securemail/contracts';
import { namelessFault } from '@securemail/event-store';
import type { Backoff } from '../backoff.ts';

/** A handler throws this for an event that no retry can mend: it is parked at once. */
export class PoisonEventError extends Error {
  override name = 'PoisonEventError';
}

/**
 * A handler throws this where something that it needs is away, such as a key in a token that was pulled out: the event
 * is tried again for as long as that takes, and never parked. Its message is shown, and says what is away.
 */
export class AwayError extends Error {
  override name = 'AwayError';
}

export interface RetryPolicy extends Backoff {
  /** How often an event is tried before it is parked. */
  attempts: number;
}

/** One try at once, then after 1, 2, 4, … up to 60 s: about ten minutes before a person is asked. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 16, firstMs: 1_000, longestMs: 60_000 };

export const isHopeless = (error: unknown): boolean =>
  error instanceof UnreadableEventError || error instanceof PoisonEventError;

/** Whether an event that failed at its try number `attempts` is tried no more. */
export const isGivenUp = (error: unknown, attempts: number, retry: RetryPolicy): boolean =>
  isHopeless(error) || (attempts >= retry.attempts && !(error instanceof AwayError));

/**
 * How many of `attempts` count. Those at which something was away count only until the waits are long, so that what
 * ends its process afterwards is still tried as often as it takes to be sure.
 */
export const countedOf = (error: unknown, attempts: number, retry: RetryPolicy): number =>
  error instanceof AwayError ? Math.min(attempts, Math.ceil(retry.attempts / 2)) : attempts;

/**
 * What may be said of an error where people read it: its class and code, and the message only of our own errors
 * about events, which never repeat what an event holds.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a thrown value that is no error';
  // kafkajs says in `type` which answer of the broker it was.
  const detail = 'type' in error ? error.type : 'code' in error ? error.code : undefined;
  const code = typeof detail === 'string' ? ` ${detail}` : '';
  const isOurs = isHopeless(error) || error instanceof AwayError;
  return isOurs ? `${error.name}: ${error.message}` : `${namelessFault(error) ?? error.name}${code}`;
}
