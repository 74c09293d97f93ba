// SPDX-License-Identifier: Apache-2.0
import { isPromised, newsSince, underWaySince } from './due.ts';
import type { Email, EmailState } from './email.ts';
import { isQuiet, isTold, settledAt, stateOf } from './standing.ts';
import { stageOf, type Stage } from './stages.ts';

/** What is kept of an email for who looks for it, and follows from its events alone. Times as RFC 3339. */
export interface ProjectedEmail {
  state: EmailState;
  deadlineAt: string;
  settledAt: string | null;
  /** Of everybody being settled, and of all that was decided so far. */
  receiptIssued: boolean;
  /** When there was a hold, a decision or a setback first that the sender was not told of. */
  newsSince: string | null;
  /** Since when somebody is under way of whom nobody was told that it takes long. */
  underWaySince: string | null;
  /** Whether the deadline counts still. */
  promised: boolean;
  deadlineMissed: boolean;
  stage: { stage: Stage; since: string } | null;
  /** When its key was destroyed. */
  erasedAt: string | null;
}

export const projectedFrom = (email: Email): ProjectedEmail => ({
  state: stateOf(email),
  deadlineAt: email.deadlineAt,
  settledAt: settledAt(email),
  receiptIssued: isTold(email) || isQuiet(email),
  newsSince: newsSince(email),
  underWaySince: underWaySince(email),
  promised: isPromised(email),
  deadlineMissed: email.deadlineMissed,
  stage: stageOf(email),
  erasedAt: email.erasedAt,
});
