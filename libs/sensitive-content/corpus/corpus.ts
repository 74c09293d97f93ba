// SPDX-License-Identifier: Apache-2.0
import { CLOSINGS, OPENINGS } from './names.ts';
import { NEGATIVES } from './negatives.ts';
import { CPR_PLACEHOLDERS, OTHER_PLACEHOLDERS } from './placeholders.ts';
import { POSITIVES } from './positives.ts';
import { randomOf, type Random } from './random.ts';
import { SECOND_NEGATIVES } from './second-negatives.ts';
import { SECOND_POSITIVES } from './second-positives.ts';

/** A made-up text and what is in it. */
export interface Sample {
  text: string;
  /** CPR numbers in it, ten digits each, in their order. */
  numbers: string[];
  template: string;
}

/** Each template of the first set and the second so many times, with other numbers, names and surroundings. */
export function corpus(seed: number, times: number): Sample[] {
  return samplesOf([...POSITIVES, ...NEGATIVES, ...SECOND_POSITIVES, ...SECOND_NEGATIVES], seed, times);
}

/** The same with any templates. */
export function samplesOf(templates: readonly string[], seed: number, times: number): Sample[] {
  const random = randomOf(seed);
  return templates.flatMap((template) => Array.from({ length: times }, () => sampleOf(template, random)));
}

const PLACEHOLDER = /\{([a-z0-9]+-?)\}/gu;
const NOT_DIGITS = /\D/gu;

function sampleOf(template: string, random: Random): Sample {
  const numbers: string[] = [];
  const whole = random.pick(OPENINGS) + template + random.pick(CLOSINGS);
  const text = whole.replace(PLACEHOLDER, (placeholder, name: string) => {
    const cpr = CPR_PLACEHOLDERS[name];
    if (cpr === undefined) return OTHER_PLACEHOLDERS[name]?.(random) ?? placeholder;
    const written = cpr(random);
    numbers.push(written.normalize('NFKC').replace(NOT_DIGITS, ''));
    return written;
  });
  return { text, numbers, template };
}
