// SPDX-License-Identifier: Apache-2.0
import { isDate } from './cpr-number.ts';

/** How far from today a time is that somebody writes about, years. */
const YEARS_BACK = 8;
const YEARS_AHEAD = 2;

/**
 * Whether ten digits are a time of these years: YYMMDDHHMM, DDMMYYHHMM, or days from DDMMYY to DDMM. As a CPR number such
 * digits would be that of somebody older than ninety; file names and logs are full of them.
 */
export function isTimeLike(digits: string, today: Date): boolean {
  const at = (from: number) => Number(digits.slice(from, from + 2));
  const thisYear = today.getUTCFullYear();
  const isRecent = (year: number, month: number, day: number) =>
    year >= thisYear - YEARS_BACK && year <= thisYear + YEARS_AHEAD && isDate({ year, month, day });
  const isTime = at(6) <= 23 && at(8) <= 59;
  if (isTime && isRecent(2000 + at(0), at(2), at(4))) return true;
  const isDays = isDate({ year: 2000 + at(4), month: at(8), day: at(6) });
  return (isTime || isDays) && isRecent(2000 + at(4), at(2), at(0));
}
