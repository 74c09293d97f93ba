// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { corpus, samplesOf, type Sample } from './corpus.ts';
import { FIFTH_NEGATIVES, FIFTH_POSITIVES } from './fifth-set.ts';
import { FOURTH_NEGATIVES, FOURTH_POSITIVES } from './fourth-set.ts';
import { HELD_OUT_NEGATIVES, HELD_OUT_POSITIVES } from './held-out.ts';
import { measure } from './measure.ts';
import { KEPT_NEGATIVES, KEPT_POSITIVES, OPEN_NEGATIVES, OPEN_POSITIVES } from './second-set.ts';
import { THIRD_NEGATIVES, THIRD_POSITIVES } from './third-set.ts';

const STDOUT = 1;
const share = (part: number, whole: number) =>
  whole === 0 ? 'none' : `${part} of ${whole} (${((100 * part) / whole).toFixed(2)} %)`;

function report(name: string, samples: readonly Sample[]) {
  const measured = measure(samples);
  const { missed, positives, falseAlarms, negatives } = measured;
  // Not through the console, which Jest wraps.
  writeSync(
    STDOUT,
    `${name}: missed ${share(missed.length, positives)}, false alarms ${share(falseAlarms.length, negatives)}\n`,
  );
  return measured;
}

/** The numbers in them as they come, and not made to pass the checks. */
const asTheyCome = (templates: readonly string[]) =>
  templates.map((template) => template.replaceAll('{like', '{any'));

describe('of made-up texts', () => {
  it.each([1, 2, 3])('less than one in a hundred is judged wrongly, seed %i', (seed) => {
    const { missed, positives, falseAlarms, negatives } = report(`seed ${seed}`, corpus(seed, 20));
    expect(positives).toBeGreaterThan(5_000);
    expect(negatives).toBeGreaterThan(5_000);
    expect(missed.length / positives).toBeLessThan(0.01);
    expect(falseAlarms.length / negatives).toBeLessThan(0.01);
  });

  it.each([
    ['first set, held out', HELD_OUT_POSITIVES, HELD_OUT_NEGATIVES],
    ['second set, open half', OPEN_POSITIVES, OPEN_NEGATIVES],
    ['second set, kept half', KEPT_POSITIVES, KEPT_NEGATIVES],
    ['third set', THIRD_POSITIVES, THIRD_NEGATIVES],
    ['fifth set', FIFTH_POSITIVES, FIFTH_NEGATIVES],
    ['fourth set, held out', FOURTH_POSITIVES, FOURTH_NEGATIVES],
  ])('the rates of a part are told: %s', (name, withNumbers, without) => {
    const { missed, positives, falseAlarms, negatives } = report(
      name,
      samplesOf([...withNumbers, ...asTheyCome(without)], 1, 50),
    );
    report(`${name}, every number made to pass the checks`, samplesOf(without, 1, 50));
    // To the last set nothing is tuned.
    expect(missed.length / positives).toBeLessThan(withNumbers === FOURTH_POSITIVES ? 0.05 : 0.01);
    expect(falseAlarms.length / negatives).toBeLessThan(0.01);
  });

  it('each is the same for the same seed', () => {
    expect(corpus(7, 1)).toEqual(corpus(7, 1));
    expect(corpus(7, 1)).not.toEqual(corpus(8, 1));
  });

  it('no placeholder is left', () => {
    for (const { text } of corpus(1, 3)) expect(text).not.toMatch(/\{[a-z0-9]+-?\}/u);
  });
});
