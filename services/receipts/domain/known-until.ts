// SPDX-License-Identifier: Apache-2.0

/** What is known of hearing what others say: of one part of it, or of all the others. */
interface Heard {
  /** All that happened before was heard; null: that is not known. */
  until: Date | null;
  /** For how long hearing has not gone on, milliseconds, as far as it was looked at. */
  stoodFor: number;
}

/** What a watch knows of how far it may judge by what it has heard. */
export interface Sight extends Heard {
  lookedAt: Date;
  /** Parts, such as the events of one service, in which something is to be heard still. */
  behind: ReadonlyMap<string, Heard & { place: string }>;
}

/** What is seen at one look. */
export interface Seen {
  until: Date | null;
  behind: ReadonlyMap<string, { until: Date | null; place: string }>;
}

/** Where nothing gets on for so long, what is late has to be told of all the same. */
const GRACE_MS = 5 * 60_000;
/** Looks are much nearer to each other. What lies between two that are not was a pause of who looks, and of who hears with him. */
const MOST_BETWEEN_MS = 30_000;

export const beginSight = (now: Date): Sight => ({
  until: null,
  stoodFor: 0,
  behind: new Map(),
  lookedAt: now,
});

/** @param seen null where nothing could be seen. */
export function evolveSight(sight: Sight, seen: Seen | null, now: Date): Sight {
  const passed = Math.min(MOST_BETWEEN_MS, Math.max(0, now.getTime() - sight.lookedAt.getTime()));
  const stood = <H extends Heard>(heard: H): H => ({ ...heard, stoodFor: heard.stoodFor + passed });
  if (seen === null) {
    const behind = [...sight.behind].map(([part, heard]) => [part, stood(heard)] as const);
    return { ...stood(sight), behind: new Map(behind), lookedAt: now };
  }
  const behind = [...seen.behind].map(([part, { until, place }]) => {
    const before = sight.behind.get(part);
    const stands = before?.place === place && isSame(before.until, until);
    return [part, { until, place, stoodFor: stands ? stood(before).stoodFor : 0 }] as const;
  });
  const stands = isSame(sight.until, seen.until);
  return {
    until: seen.until,
    stoodFor: stands ? stood(sight).stoodFor : 0,
    behind: new Map(behind),
    lookedAt: now,
  };
}

/**
 * As of when it may be judged that something has not happened: what happened before is heard. Null: it may not be yet.
 * A part in which nothing gets on for some time is not waited for any more: a mail that is late is rather told of wrongly than
 * never.
 */
export function knownUntil(sight: Sight, now: Date): Date | null {
  let known = now;
  for (const { until, stoodFor } of [sight, ...sight.behind.values()]) {
    if (stoodFor > GRACE_MS) continue;
    if (until === null) return null;
    if (until < known) known = until;
  }
  return known;
}

/** Who has an event that could not be handled yet is not judged before this. */
export const graceBefore = (time: Date): Date => new Date(time.getTime() - GRACE_MS);

const isSame = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();
