// SPDX-License-Identifier: Apache-2.0

export interface SessionTimes {
  usedAt: Date;
  endsAt: Date;
}

export interface SessionRules {
  sessionIdleMinutes: number;
  sessionHours: number;
}

/** Whether a session goes on: it was used lately, and its set end has not come. */
export const goesOn = (
  { usedAt, endsAt }: SessionTimes,
  { sessionIdleMinutes }: SessionRules,
  now: Date,
): boolean => now < endsAt && now.getTime() - usedAt.getTime() < sessionIdleMinutes * 60_000;

/** When a session that begins now ends whatever is done. */
export const endOfSession = ({ sessionHours }: SessionRules, now: Date): Date =>
  new Date(now.getTime() + sessionHours * 3_600_000);
