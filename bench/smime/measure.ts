// SPDX-License-Identifier: Apache-2.0
import { memoryInUse } from '@securemail/testing/process';
import type { Prepared } from './contender.ts';

export interface Effort {
  /** For each contender in all, shared among the rounds. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Operations a second of each contender in one round; null where it sat out. */
export type Round = readonly (number | null)[];

/** Seconds. */
const MOMENT = 0.01;

/** One whose single operation takes long would hold up the others: it sits out after so many times its seconds. */
const OVERDRAFT = 4;

/**
 * Contenders take turns in short rounds, so that a machine that slows down for a while slows down all of them, and only
 * what was measured in the same round is compared.
 */
export async function takeTurns(
  contenders: readonly Pick<Prepared, 'rate'>[],
  { seconds, rounds }: Effort,
): Promise<readonly Round[]> {
  const spent = contenders.map(() => 0);
  const done: Round[] = [];
  for (let number = 0; number < rounds; number += 1) {
    const round: (number | null)[] = [];
    for (const [i, contender] of contenders.entries()) {
      const tired = (spent[i] ?? 0) > seconds * OVERDRAFT;
      // Nobody cleans up after the one before, and a moment leaves nothing to clean up.
      if (!tired && seconds / rounds > MOMENT) memoryInUse();
      const start = performance.now();
      round.push(tired ? null : await contender.rate(seconds / rounds));
      spent[i] = (spent[i] ?? 0) + (performance.now() - start) / 1_000;
    }
    done.push(round);
  }
  return done;
}

/** The median of a contender's rates. */
export const rateOf = (rounds: readonly Round[], contender: number): number =>
  median(rounds.flatMap((round) => round[contender] ?? []));

/** The median over the rounds of how many times as fast one was as another in the same round. */
export const timesAsFast = (rounds: readonly Round[], one: number, other: number): number =>
  median(
    rounds.flatMap((round) => {
      const [a, b] = [round[one] ?? null, round[other] ?? null];
      return a === null || b === null ? [] : [a / b];
    }),
  );

/** Of an even number of values the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}
