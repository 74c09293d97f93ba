// SPDX-License-Identifier: Apache-2.0
import { findCpr } from '../domain/find-cpr.ts';
import { foldText } from '../domain/fold-text.ts';
import type { Sample } from './corpus.ts';
import { CORPUS_DAY } from './numbers.ts';

/** What a run over labelled texts gave. */
export interface Measurement {
  /** Texts with CPR numbers, and those of them in which one was not found. */
  positives: number;
  missed: Sample[];
  /** Texts without, and those of them, or of the others, in which something else was found. */
  negatives: number;
  falseAlarms: Sample[];
}

export function measure(samples: readonly Sample[]): Measurement {
  const missed: Sample[] = [];
  const falseAlarms: Sample[] = [];
  for (const sample of samples) {
    const found = findCpr(foldText(sample.text), CORPUS_DAY);
    if (sample.numbers.some((number) => !found.includes(number))) missed.push(sample);
    if (found.some((number) => !sample.numbers.includes(number))) falseAlarms.push(sample);
  }
  const positives = samples.filter(({ numbers }) => numbers.length > 0).length;
  return { positives, missed, negatives: samples.length - positives, falseAlarms };
}
