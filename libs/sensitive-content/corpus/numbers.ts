// SPDX-License-Identifier: Apache-2.0
import { readCpr } from '../domain/cpr-number.ts';
import type { Random } from './random.ts';

/** The corpus plays then, so that its children are not born yet, and their numbers nobody's. */
export const CORPUS_DAY = new Date('2036-06-01');

/**
 * A number that passes every check. Those born from 1937 to 1999 get the seventh digits 4 and 9, which were not given to
 * people born in Denmark then, and no 1 January: the number is as good as anybody's and, as far as one can know, nobody's.
 */
export function adultNumber(random: Random): string {
  return untilChecked(random, () => {
    const day = random.between(2, 28);
    return `${two(day)}${two(random.between(1, 12))}${two(random.between(37, 99))}${random.pick(['4', '9'])}${random.digits(3)}`;
  });
}

/** The number of somebody born after this was written; every other one fails the modulus-11 check. */
export function childNumber(random: Random): string {
  const number = () =>
    `${two(random.between(1, 28))}${two(random.between(1, 12))}${random.between(27, 35)}${random.between(4, 9)}${random.digits(3)}`;
  return random.between(0, 1) === 0 ? untilChecked(random, number) : number();
}

/** YYMMDDHHMM or DDMMYYHHMM of the years before the day of the corpus; every third one passes the modulus-11 check. */
export function timeNumber(random: Random): string {
  const number = () => {
    const date = [two(random.between(1, 28)), two(random.between(1, 12)), String(random.between(30, 36))];
    return (
      (random.between(0, 1) === 0 ? date : date.reverse()).join('') +
      two(random.between(0, 23)) +
      two(random.between(0, 59))
    );
  };
  return random.between(0, 2) === 0 ? untilChecked(random, number) : number();
}

const MANY = 100_000;

function untilChecked(random: Random, number: () => string): string {
  for (let i = 0; i < MANY; i += 1) {
    const digits = number();
    if (readCpr(digits, CORPUS_DAY)?.checked === true) return digits;
  }
  throw new RangeError(`no number passes the check (${random.digits(1)})`);
}

const two = (number: number) => String(number).padStart(2, '0');
