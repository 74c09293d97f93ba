// SPDX-License-Identifier: Apache-2.0
import type { GroupReach, Reach } from './event-log.ts';

/** A place in each part of a log; numbers are compared one after the other. A part in which nothing lies is left out. */
export type Places = ReadonlyMap<string, readonly bigint[]>;

export interface ReachWays {
  /** Where the log ends now. */
  ends: () => Promise<Places>;
  /** How far the group came, as it has kept. */
  reached: () => Promise<Places>;
  /** It is not looked more often, milliseconds. */
  everyMs: number;
  /** How long an event may be under way into the log, milliseconds. */
  marginMs: number;
  /** After the log could not be looked at, those who fill it may need so long to go on, milliseconds. */
  settlingMs: number;
  close?: () => Promise<void>;
}

/**
 * Looks at where each part of the log ends, and waits until the group is there: so it is known also of a group that is never
 * done, as more comes all the time.
 */
export function groupReach({
  ends,
  reached,
  everyMs,
  marginMs,
  settlingMs,
  close = () => Promise.resolve(),
}: ReachWays): GroupReach {
  let lookedAt = -Infinity;
  let steadySince: number | null = null;
  const goals = new Map<string, { at: number; end: readonly bigint[] }>();
  let known: Reach = { until: null, behind: new Map() };

  const look = async (at: number): Promise<Reach> => {
    // In this order: what is there by now is to be reached by what is asked for afterwards.
    const end = await ends();
    const now = await reached();
    steadySince ??= at;
    const placeOf = (part: string) => String(now.get(part) ?? '');
    if (at - steadySince < settlingMs) {
      const behind = [...known.behind].map(
        ([part, { until }]) => [part, { until, place: placeOf(part) }] as const,
      );
      return { until: known.until, behind: new Map(behind) };
    }
    const has = (part: string, place: readonly bigint[]) => !isBefore(now.get(part) ?? [], place);
    const behind = [...end].filter(([part, place]) => !has(part, place));
    const untilOf = (part: string): Date | null => {
      const goal = goals.get(part);
      if (goal !== undefined && has(part, goal.end)) {
        goals.delete(part);
        return new Date(goal.at - marginMs);
      }
      const before = known.behind.get(part);
      return before === undefined ? known.until : before.until;
    };
    const parts = new Map(
      behind.map(([part]) => [part, { until: untilOf(part), place: placeOf(part) }] as const),
    );
    for (const part of [...goals.keys()]) if (!parts.has(part)) goals.delete(part);
    for (const [part, place] of behind) if (!goals.has(part)) goals.set(part, { at, end: place });
    return { until: new Date(at - marginMs), behind: parts };
  };
  return {
    async look() {
      const at = Date.now();
      if (at - lookedAt < everyMs) return known;
      lookedAt = at;
      try {
        known = await look(at);
      } catch (error) {
        steadySince = null;
        goals.clear();
        throw error;
      }
      return known;
    },
    close,
  };
}

function isBefore(one: readonly bigint[], other: readonly bigint[]): boolean {
  for (const [index, value] of other.entries()) {
    const mine = one[index] ?? -1n;
    if (mine !== value) return mine < value;
  }
  return false;
}
