// SPDX-License-Identifier: Apache-2.0

/** How ten digits are written: `dotted` are those with marks in their date, `odd` those with marks that nobody is told to write. */
export type Form = 'hyphen' | 'space' | 'bare' | 'dotted' | 'odd' | 'nine';

/** Ten digits in folded text that may be a CPR number. */
export interface Candidate {
  digits: string;
  form: Form;
  /** The year of birth, where it is written with its century. */
  year?: number;
  start: number;
  end: number;
}

/** After a hyphen a line may end, and one that is quoted begin. */
const SIX_AND_FOUR = String.raw`(?<six>\d{6})(?<mark> ?- ?(?:\n ?(?:> ?)*)?| {1,2}|[./_]|)(?<four>\d{4})`;
/** The date with one and the same mark. */
const DATED = String.raw`(?<day>\d\d)(?<dot>[ ./-])(?<month>\d\d)\k<dot>(?<year>\d\d) ?[- ] ?(?<last>\d{4})`;
const WITH_CENTURY = String.raw`(?<cday>\d\d)(?<cdot>[ ./-]?)(?<cmonth>\d\d)\k<cdot>(?<cyear>(?:19|20)\d\d) ?[- ] ?(?<clast>\d{4})`;
const IN_THREE = String.raw`(?<three>\d{4} \d\d ?[- ] ?\d{4})`;
/** What a spreadsheet leaves of ten digits that begin with 0. */
const NINE = String.raw`(?<nine>\d{9})`;
const CANDIDATE = new RegExp(
  String.raw`(?<!\d)(?:${SIX_AND_FOUR}|${DATED}|${WITH_CENTURY}|${IN_THREE}|${NINE})(?!\d)`,
  'gu',
);
const NOT_DIGITS = /\D/gu;

/** All that are written in a form of CPR numbers, in the order of the text. */
export function candidatesIn(text: string): Candidate[] {
  return [...text.matchAll(CANDIDATE)].map(({ 0: written, index, groups = {} }) => ({
    ...read(written.replace(NOT_DIGITS, ''), groups),
    start: index,
    end: index + written.length,
  }));
}

function read(
  digits: string,
  groups: Partial<Record<string, string>>,
): Pick<Candidate, 'digits' | 'form' | 'year'> {
  const { six, mark = '', day, cyear } = groups;
  if (six !== undefined) return { digits, form: formOf(mark) };
  if (day !== undefined) return { digits, form: 'dotted' };
  if (cyear === undefined)
    return digits.length === 9 ? { digits: `0${digits}`, form: 'nine' } : { digits, form: 'odd' };
  return { digits: digits.slice(0, 4) + digits.slice(6), form: 'odd', year: Number(cyear) };
}

function formOf(mark: string): Form {
  if (mark.includes('-')) return 'hyphen';
  if (mark === '') return 'bare';
  return mark.trim() === '' ? 'space' : 'odd';
}
