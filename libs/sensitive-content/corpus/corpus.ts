// SPDX-License-Identifier: Apache-2.0
import { FIFTH_NEGATIVES, FIFTH_POSITIVES } from './fifth-set.ts';
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

const TEMPLATES = [
  ...POSITIVES,
  ...NEGATIVES,
  ...SECOND_POSITIVES,
  ...SECOND_NEGATIVES,
  ...FIFTH_POSITIVES,
  ...FIFTH_NEGATIVES,
];

/** Each template of the first set, the second and the fifth so many times, with other numbers, names and surroundings. */
export function corpus(seed: number, times: number): Sample[] {
  return samplesOf(TEMPLATES, seed, times);
}

/** The same with any templates. */
export function samplesOf(templates: readonly string[], seed: number, times: number): Sample[] {
  const random = randomOf(seed);
  return templates.flatMap((template) => Array.from({ length: times }, () => sampleOf(template, random)));
}

const PLACEHOLDER = /\{([a-z0-9]+-?)\}/gu;
const NOT_DIGITS = /\D/gu;
const CENTURY = /^(\d{4})19(?=\d{6}$)/u;

function sampleOf(template: string, random: Random): Sample {
  const numbers: string[] = [];
  const whole = random.pick(OPENINGS) + template + random.pick(CLOSINGS);
  const text = whole.replace(PLACEHOLDER, (placeholder, name: string) => {
    const cpr = CPR_PLACEHOLDERS[name];
    if (cpr === undefined) return OTHER_PLACEHOLDERS[name]?.(random) ?? placeholder;
    const written = cpr(random);
    numbers.push(written.normalize('NFKC').replace(NOT_DIGITS, '').replace(CENTURY, '$1'));
    return written;
  });
  return { text, numbers, template };
}
