// SPDX-License-Identifier: Apache-2.0
import type { Known } from './results.ts';
import type { Direction, Outcome } from './run-cell.ts';

/** `learned`: an unrecorded version of the peer does what the version before it did not. */
export type Verdict = { is: 'as-recorded' } | { is: 'learned' | 'different'; because: string };

/**
 * Compares how a cell went with what the results say. How a peer words its no is recorded but not compared: it changes
 * with every release.
 */
export function judgeOutcome(known: Known, direction: Direction, row: string, outcome: Outcome): Verdict {
  if (known.version === 'none') return { is: 'as-recorded' };
  const recorded = known.recorded[direction][row];
  if (recorded !== undefined && kindOf(recorded) === kindOf(outcome)) return { is: 'as-recorded' };
  const because =
    `recorded is "${recorded ?? 'nothing'}", and now it is "${outcome}": if that is right, ` +
    'record it (npm run interop) and look at what changes in docs/interop.md';
  return known.version === 'older' && recorded !== 'works'
    ? { is: 'learned', because }
    : { is: 'different', because };
}

const kindOf = (outcome: Outcome) => outcome.split(':')[0];
