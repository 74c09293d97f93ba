// SPDX-License-Identifier: Apache-2.0
import type { Known } from './results.ts';
import type { Direction, Outcome } from './run-cell.ts';

/**
 * Compares how a cell went with what the results say. How a peer words its no is recorded but not compared: it changes
 * with every release.
 *
 * @returns null where it went the same way, otherwise what is different.
 */
export function judgeOutcome(
  known: Known,
  direction: Direction,
  row: string,
  outcome: Outcome,
): string | null {
  const recorded = known.version === 'none' ? undefined : known.recorded[direction][row];
  if (recorded !== undefined && kindOf(recorded) === kindOf(outcome)) return null;
  const of = known.version === 'another' ? ` of version ${known.of}` : '';
  return (
    `recorded${of} is "${recorded ?? 'nothing'}", and here it is "${outcome}": if that is right, ` +
    'record it (npm run interop) and look at what changes in docs/interop.md'
  );
}

const kindOf = (outcome: Outcome) => outcome.split(':')[0];
