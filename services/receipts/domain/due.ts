// SPDX-License-Identifier: Apache-2.0
import type { Email, Recipient } from './email.ts';
import { isHeld, isQuiet, isSettled, isTold, settledAt } from './standing.ts';

/** When the sender is told what. */
export interface Timing {
  /** After acceptance, or after a person let it be tried again. */
  interimAfterMinutes: number;
  /** So long after a hold, a decision or a setback it is waited for more to tell, while somebody is under way. */
  gatherSeconds: number;
  /** After somebody came to be held. */
  remindAfterHours: readonly number[];
}

/** A receipt that is to be issued; `deadline` comes with the event that it was missed. */
export type Due = 'final' | 'reminder' | 'deadline' | 'interim' | 'partial';

/**
 * What is to be told now, if anything; where several things are, the one that tells the others, too.
 *
 * @param now until when all is heard that happened; null where that is not known, so that nothing that takes time is due.
 */
export function dueOf(email: Email, timing: Timing, now: Date | null): Due | null {
  const { interimAfterMinutes, gatherSeconds, remindAfterHours } = timing;
  const hasPassed = (since: string | null, milliseconds: number) =>
    since !== null && now !== null && Date.parse(since) + milliseconds < now.getTime();
  const reminder = remindAt(email, remindAfterHours);
  const isToRemind = reminder !== null && now !== null && reminder < now;
  if (settledAt(email) !== null) {
    if (!isTold(email) && !isQuiet(email)) return 'final';
    return isToRemind ? 'reminder' : null;
  }
  // How it went is heard within moments, and told then.
  if (email.recipients.every(isSettled)) return null;
  if (isPromised(email) && hasPassed(email.deadlineAt, 0)) return 'deadline';
  if (hasPassed(underWaySince(email), interimAfterMinutes * 60_000)) return 'interim';
  if (hasPassed(newsSince(email), gatherSeconds * 1_000)) return 'partial';
  return isToRemind ? 'reminder' : null;
}

/** Whether the deadline counts: it was not missed yet, and somebody is not settled about whom no person had to decide. */
export const isPromised = (email: Email): boolean =>
  !email.deadlineMissed &&
  email.recipients.some((recipient) => !isSettled(recipient) && recipient.released === null);

/** Who was settled after the deadline, in an email of which nothing was told before; no person has decided anything about it. */
export function settledLate(email: Email): Recipient[] {
  const { deadlineMissed, receipt, decisions, deadlineAt, recipients } = email;
  if (deadlineMissed || receipt !== null || decisions > 0 || settledAt(email) === null) return [];
  return recipients.filter(
    ({ state, released }) => released === null && 'at' in state && state.at > deadlineAt,
  );
}

/** Since when somebody is under way of whom nobody was told that it takes long; null: nobody is, or nobody is to be told. */
export function underWaySince(email: Email): string | null {
  const { acceptedAt, delayToldAt, direction, recipients } = email;
  // Who wrote from outside was promised nothing.
  if (direction === 'inbound') return null;
  const times = recipients
    .filter((recipient) => !isSettled(recipient))
    .map(({ released }) => released?.at ?? acceptedAt)
    .filter((time) => delayToldAt === null || time > delayToldAt);
  return times.toSorted()[0] ?? null;
}

/** When there was a hold, a decision or a setback first that the sender was not told of; null where he was told of all. */
export function newsSince({ times, told }: Pick<Email, 'times' | 'told'>): string | null {
  const untold = [
    ...times.holds.slice(told.holds),
    ...times.decisions.slice(told.decisions),
    ...times.setbacks.slice(told.setbacks),
  ];
  return untold.toSorted()[0] ?? null;
}

/** When the sender is to be reminded of what is still held; null where he is not. */
export function remindAt(email: Email, remindAfterHours: readonly number[]): Date | null {
  const hours = remindAfterHours[email.reminders];
  if (email.heldAt === null || hours === undefined || !isHeld(email) || newsSince(email) !== null)
    return null;
  return new Date(Date.parse(email.heldAt) + hours * 3_600_000);
}
