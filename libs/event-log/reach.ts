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
 * Looks at where the log ends, and waits until the group is there: so it is known also of a group that is never done, as
 * more comes all the time.
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
  let goal: { at: number; ends: Places } | null = null;
  let known: Reach = { until: null, mark: '' };

  const look = async (at: number): Promise<Reach> => {
    // In this order: what is there by now is to be reached by what is asked for afterwards.
    const end = await ends();
    const now = await reached();
    steadySince ??= at;
    let { until } = known;
    if (at - steadySince >= settlingMs) {
      if (goal !== null && covers(now, goal.ends)) {
        until = new Date(goal.at - marginMs);
        goal = null;
      }
      if (covers(now, end)) {
        until = new Date(at - marginMs);
        goal = null;
      } else goal ??= { at, ends: end };
    }
    return { until, mark: [...now].join(' ') };
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
        goal = null;
        throw error;
      }
      return known;
    },
    close,
  };
}

const covers = (reached: Places, ends: Places): boolean =>
  [...ends].every(([part, end]) => !isBefore(reached.get(part) ?? [], end));

function isBefore(one: readonly bigint[], other: readonly bigint[]): boolean {
  for (const [index, value] of other.entries()) {
    const mine = one[index] ?? -1n;
    if (mine !== value) return mine < value;
  }
  return false;
}
