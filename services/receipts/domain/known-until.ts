// SPDX-License-Identifier: Apache-2.0

/** What a watch knows of how far it may judge by what it has heard. */
export interface Sight {
  /** All that happened before was heard; null: that is not known. */
  until: Date | null;
  mark: string;
  /** When it was seen last that hearing goes on. */
  movedAt: Date;
}

/** Where nothing gets on for so long, what is late has to be told of all the same. */
const GRACE_MS = 5 * 60_000;

export const beginSight = (now: Date): Sight => ({ until: null, mark: '', movedAt: now });

/** @param seen null where nothing could be seen. */
export function evolveSight(sight: Sight, seen: Pick<Sight, 'until' | 'mark'> | null, now: Date): Sight {
  if (seen === null) return sight;
  const moved = seen.mark !== sight.mark || seen.until?.getTime() !== sight.until?.getTime();
  return moved ? { until: seen.until ?? sight.until, mark: seen.mark, movedAt: now } : sight;
}

/**
 * As of when it may be judged that something has not happened: what happened before is heard. Null: it may not be yet.
 * After a time in which nothing gets on it is judged by the clock: a mail that is late is rather told of wrongly than never.
 */
export function knownUntil({ until, movedAt }: Sight, now: Date): Date | null {
  if (now.getTime() - movedAt.getTime() > GRACE_MS) return now;
  return until !== null && until > now ? now : until;
}

/** Who has an event that could not be handled yet is not judged before this. */
export const graceBefore = (time: Date): Date => new Date(time.getTime() - GRACE_MS);
