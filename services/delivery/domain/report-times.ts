// SPDX-License-Identifier: Apache-2.0

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** All replicas have counted a day by then. */
const SETTLED_MS = 10 * MINUTE;
/** RFC 8460 §4.1: not everybody's reports at once. */
const SPREAD_MS = 4 * HOUR;
/** RFC 8460 §5.5: a report that could not be handed over is tried again for a day. */
const TRIED_MS = DAY;
/** So many days counts and results are kept. */
export const KEPT_DAYS = 30;

/** The UTC day of a moment, such as `2026-11-28`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The last day that is over and counted to its end by every replica. */
export const lastDayOver = (now: Date): string => dayOf(new Date(now.getTime() - SETTLED_MS - DAY));

/** The oldest day that is kept. */
export const oldestKept = (now: Date): string => dayOf(new Date(now.getTime() - KEPT_DAYS * DAY));

/** When a domain's report of a day goes out: within four hours of midnight, for each domain at another time. */
export function reportDue(day: string, domain: string): Date {
  let hash = 0;
  for (const character of domain) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % SPREAD_MS;
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY + SETTLED_MS + hash);
}

/** When it is tried again after so many attempts; null where its time is over. */
export function nextTry(attempts: number, firstTriedAt: Date, now: Date): Date | null {
  if (now.getTime() >= firstTriedAt.getTime() + TRIED_MS) return null;
  return new Date(now.getTime() + Math.min(4 * HOUR, 15 * MINUTE * 2 ** Math.min(attempts - 1, 4)));
}
