// SPDX-License-Identifier: Apache-2.0
import type { Email, Recipient } from './email.ts';

/**
 * What became of the promise that an email is sent by its deadline, as the SLO counts it: `missed` where it was not settled by
 * then, however it ended; `kept` where it was, and sent to somebody at least; `none` where a person had or has to decide, or all
 * was returned in time; `open` as long as nobody knows. What is said later of mail that was settled once changes nothing.
 */
export type PromiseState = 'open' | 'kept' | 'missed' | 'none';

type Promised = Pick<Email, 'recipients' | 'deadlineMissed' | 'deadlineAt' | 'times'>;

export function promiseOf({ recipients, deadlineMissed, deadlineAt, times }: Promised): PromiseState {
  if (deadlineMissed) return 'missed';
  const at = settledFirstAt(recipients);
  if (at === null) return 'open';
  if (times.decisions.some((time) => time < at)) return 'none';
  if (at > deadlineAt) return 'missed';
  return recipients.some(({ settledFirst }) => settledFirst?.isSent === true) ? 'kept' : 'none';
}

/** When everybody had been settled for the first time; null: not yet. */
export function settledFirstAt(recipients: readonly Pick<Recipient, 'settledFirst'>[]): string | null {
  const times = recipients.flatMap(({ settledFirst }) => (settledFirst === null ? [] : [settledFirst.at]));
  return times.length < recipients.length ? null : (times.toSorted().at(-1) ?? null);
}
