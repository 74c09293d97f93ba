// SPDX-License-Identifier: Apache-2.0

/** A ten-digit number read as a Danish civil registration (CPR) number. */
export interface CprNumber {
  /** Whole years, as the number itself says which century. */
  born: { year: number; month: number; day: number };
  /** Whether the ten digits pass the modulus-11 check. */
  checked: boolean;
  /**
   * Whether somebody born then may have a number that fails the check: `never`, `seldom` (so far given to people born on
   * a 1 January of certain years from 1960 on, most of whom immigrated), `yes`.
   */
  mayFail: 'never' | 'seldom' | 'yes';
}

const WEIGHTS = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
/** The check has not been kept up since October 2007, so from the birth year 2007 on it is not demanded. */
const FIRST_YEAR_WITHOUT_CHECK = 2007;
const FIRST_YEAR_WITH_EXCEPTIONS = 1960;

/**
 * Reads ten digits as a CPR number, by the rules that the CPR office publishes: the seventh digit tells the century
 * (https://www.cpr.dk/cpr-systemet/opbygning-af-cpr-nummeret), and which birth dates have numbers without a check digit
 * (https://www.cpr.dk/cpr-systemet/personnumre-uden-kontrolciffer-modulus-11-kontrol).
 *
 * @param digits ten ASCII digits.
 * @param today nobody is born after it.
 * @returns null where it is no number of anybody who may live: no such date, one to come, or one before 1900.
 */
export function readCpr(digits: string, today: Date): CprNumber | null {
  const at = (from: number, to: number) => Number(digits.slice(from, to));
  const year = centuryOf(at(4, 6), at(6, 7)) + at(4, 6);
  const born = { year, month: at(2, 4), day: at(0, 2) };
  if (year < 1900 || !isDate(born)) return null;
  if (Date.UTC(year, born.month - 1, born.day) > today.getTime()) return null;
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) sum += weight * at(i, i + 1);
  return { born, checked: sum % 11 === 0, mayFail: mayFail(born) };
}

function centuryOf(year: number, seventh: number): number {
  if (seventh <= 3) return 1900;
  if (seventh === 4 || seventh === 9) return year <= 36 ? 2000 : 1900;
  return year <= 57 ? 2000 : 1800;
}

/** Whether the calendar has this day. */
export function isDate({ year, month, day }: CprNumber['born']): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function mayFail({ year, month, day }: CprNumber['born']): CprNumber['mayFail'] {
  if (year >= FIRST_YEAR_WITHOUT_CHECK) return 'yes';
  return year >= FIRST_YEAR_WITH_EXCEPTIONS && month === 1 && day === 1 ? 'seldom' : 'never';
}
