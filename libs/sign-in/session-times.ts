// SPDX-License-Identifier: Apache-2.0

export interface SessionTimes {
  usedAt: Date;
  endsAt: Date;
}

export interface SessionRules {
  sessionIdleMinutes: number;
  sessionHours: number;
}

/** When a session ends that nobody uses any more, and at its set end. */
export const endOfUnused = ({ usedAt, endsAt }: SessionTimes, { sessionIdleMinutes }: SessionRules): Date =>
  new Date(Math.min(endsAt.getTime(), usedAt.getTime() + sessionIdleMinutes * 60_000));

/** Whether a session goes on: it was used lately, and its set end has not come. */
export const goesOn = (times: SessionTimes, rules: SessionRules, now: Date): boolean =>
  now < endOfUnused(times, rules);

/** When a session that begins now ends whatever is done. */
export const endOfSession = ({ sessionHours }: SessionRules, now: Date): Date =>
  new Date(now.getTime() + sessionHours * 3_600_000);
