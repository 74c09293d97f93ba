// SPDX-License-Identifier: Apache-2.0
import { columnHeads, type Cell } from './columns.ts';
import { contextOf, type Context } from './cpr-context.ts';
import { readCpr, type CprNumber } from './cpr-number.ts';
import { boundsOf } from './number-bounds.ts';
import { isTimeLike } from './time-like.ts';

/**
 * Six and four digits, with a hyphen (after which a line may end, and one that is quoted begin), a space or nothing between; the six may be written as
 * a date with one and the same mark; nine digits are what a spreadsheet leaves of ten that begin with 0.
 */
const CANDIDATE =
  /(?<!\d)(?:(?<six>\d{6})(?<mark> ?- ?(?:\n(?:> ?)*)?| {1,2}|)(?<four>\d{4})|(?<day>\d\d)(?<dot>[ ./-])(?<month>\d\d)\k<dot>(?<year>\d\d) ?[- ] ?(?<last>\d{4})|(?<nine>\d{9}))(?!\d)/gu;

type Form = 'hyphen' | 'space' | 'bare' | 'dotted' | 'nine';

interface Candidate {
  digits: string;
  form: Form;
  start: number;
  end: number;
}

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

function candidatesIn(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const { six, mark, four, day, month, year, last, nine } = match.groups ?? {};
    const at = { start: match.index, end: match.index + match[0].length };
    if (nine !== undefined) found.push({ digits: `0${nine}`, form: 'nine', ...at });
    else if (day !== undefined) {
      found.push({ digits: `${day}${month ?? ''}${year ?? ''}${last ?? ''}`, form: 'dotted', ...at });
    } else found.push({ digits: `${six ?? ''}${four ?? ''}`, form: formOf(mark ?? ''), ...at });
  }
  return found;
}

function formOf(mark: string): Form {
  if (mark.includes('-')) return 'hyphen';
  return mark === '' ? 'bare' : 'space';
}

function isCpr(
  text: string,
  { digits, form, start, end }: Candidate,
  today: Date,
  columns: (index: number) => Cell | null,
): boolean {
  const number = readCpr(digits, today);
  if (number === null) return false;
  if (!number.checked && number.mayFail === 'never') return false;
  const bounds = boundsOf(text, start, end);
  if (bounds === 'glued') return false;
  const context = contextOf(text, start, end, columns);
  if (context.says === 'cpr') return form !== 'nine' || (context.labelled && number.checked);
  if (form === 'dotted' || form === 'nine') return false;
  if (context.says === 'born') return number.checked || number.mayFail === 'yes';
  if (isTimeLike(digits, today) && mayBeTime(text, { digits, form, start, end }, context)) return false;
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
function mayBeTime(text: string, { form, start, end }: Candidate, { says }: Context): boolean {
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
