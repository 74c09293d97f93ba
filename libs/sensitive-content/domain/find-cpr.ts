// SPDX-License-Identifier: Apache-2.0
import { columnHeads, type Cell } from './columns.ts';
import { contextOf, type Context } from './cpr-context.ts';
import { candidatesIn, type Candidate } from './cpr-candidates.ts';
import { readCpr, type CprNumber } from './cpr-number.ts';
import { boundsOf } from './number-bounds.ts';
import { isTimeLike } from './time-like.ts';

/**
 * Finds Danish CPR numbers in folded text (`foldText`). A number counts when its digits can be one (`readCpr`), nothing
 * is glued to it (`boundsOf`), and the words around it do not say that it is something else; the less its form and its
 * check digit tell, the more a word for a CPR number must stand beside it.
 *
 * @param today nobody is born after it.
 * @returns the ten digits of each, in the order of the text; a number that stands there twice is there twice.
 */
export function findCpr(text: string, today: Date): string[] {
  const columns = columnHeads(text);
  return candidatesIn(text)
    .filter((candidate) => isCpr(text, candidate, today, columns))
    .map(({ digits }) => digits);
}

/** Nobody is told to write it so, and much else is: only right beside its label is it one. */
const AT_ITS_LABEL = new Set<Candidate['form']>(['nine', 'odd']);

function isCpr(
  text: string,
  { digits, form, year, start, end }: Candidate,
  today: Date,
  columns: (index: number) => Cell | null,
): boolean {
  const number = readCpr(digits, today);
  if (number === null || (year !== undefined && year !== number.born.year)) return false;
  if (!number.checked && number.mayFail === 'never') return false;
  const bounds = boundsOf(text, start, end);
  if (bounds === 'glued') return false;
  const context = contextOf(text, start, end, columns);
  if (context.says === 'cpr') return !AT_ITS_LABEL.has(form) || (context.labelled && number.checked);
  if (form === 'dotted' || AT_ITS_LABEL.has(form)) return false;
  if (context.says === 'born') return number.checked || number.mayFail === 'yes';
  if (isTimeLike(digits, today) && mayBeTime(text, { form, start, end }, context)) return false;
  if (form === 'hyphen') return looksWritten(number, context);
  return bounds === 'free' && number.checked && !isOther(context);
}

/** Few things but CPR numbers have a date, a hyphen and four digits: only a label, or no check at all, speaks against. */
function looksWritten(number: CprNumber, context: Context): boolean {
  if (number.checked) return !(context.says === 'other' && context.labelled);
  return number.mayFail === 'yes' && !isOther(context);
}

/** `Nr. …` alone tells of whom a number is as little as of what. */
const NOT_OF_PERSONS = new Set<Context['says']>(['other', 'number', 'reference', 'call']);
const isOther = ({ says }: Context): boolean => NOT_OF_PERSONS.has(says);

/** People write times in other ways; programs do so in names of files, and where they call it a time. */
function mayBeTime(
  text: string,
  { form, start, end }: Pick<Candidate, 'form' | 'start' | 'end'>,
  { says }: Context,
): boolean {
  if (says === 'person') return false;
  if (form !== 'hyphen' || TELLS_OF_NO_PERSON.has(says)) return true;
  return (
    IN_NAME_BEFORE.test(text.slice(Math.max(0, start - 2), start)) ||
    IN_NAME_AFTER.test(text.slice(end, end + 2))
  );
}

const TELLS_OF_NO_PERSON = new Set<Context['says']>([
  'time',
  'other',
  'number',
  'own',
  'reference',
  'call',
  'elsewhere',
]);
const IN_NAME_BEFORE = /[_\\/]$|\p{L}-$|\S[.]$/u;
const IN_NAME_AFTER = /^(?:_|[.]\p{L})/u;
