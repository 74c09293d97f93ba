// SPDX-License-Identifier: Apache-2.0

/**
 * How a number stands among its neighbours: `free`; `doubtful`, as part of a longer row of numbers, of an amount, of a
 * web address; `glued`, as part of a longer number, a code or a word.
 */
export type Bounds = 'free' | 'doubtful' | 'glued';

/** These make one thing of what stands on both sides. */
const GLUE = /[-./:+,@%&=?#~^$€£_\\]/u;
/** These do so only in amounts and in numbers of cases; in tables, lists and paths they are between two things. */
const BETWEEN = /[,/]/u;
/** Beside a comma the next cell of a table, or the next of a list; one or two digits would rather be cents. */
const CELL_BEFORE = /(?:^|[^\d])\d{4,11},$|\d-\d{4},$/u;
const CELL_AFTER = /^,(?:\d{3}|\d{1,2},)/u;
/** Long numbers that begin with no day and month: constants of a program. */
const LONG_BEFORE = /(?<!\d)(?!(?:[0-2]\d|3[01])(?:0\d|1[0-2])\d{6},)\d{9,},$/u;
const LONG_AFTER = /^,(?!(?:[0-2]\d|3[01])(?:0\d|1[0-2])\d{6}(?!\d))\d{9}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const DIGIT = /\d/u;
/** A label may be glued to its number: `CPR0101…`, `cpr-nr.0101…`, `id=0101…`, `f.0101…`. */
const LABEL_BEFORE =
  /(?<![\p{L}\p{N}])\p{L}{1,24}(?:[-.]?(?:nr|no|nummer))?[.:=_]{1,2}$|cpr[.-]?(?:nr|nummer|no)?[-.:=_#]{0,2}$/iu;
/** With a hyphen a word is part of a name (`journal-0101…-bo.pdf`), and capitals of a code (`INV-0101…`). */
const NAME_BEFORE = /\p{Ll}-$/u;
const NAME_AFTER = /^-\p{L}?\p{Ll}/u;
const WEB_ADDRESS = /(?:https?:\/\/|www\.)\S*$/iu;
/** Beside it a row of digits, or an amount; unless the digits are a phone number, a date, a time, or another number of this form. */
const ROW_BEFORE = /\d {1,2}$|\+ ?$/u;
const NO_ROW_BEFORE =
  /(?<![\d.])(?:\d{8}|\d\d \d\d \d\d \d\d|\d{6}-?\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[:.]\d{2}) {1,2}$/u;
const ROW_AFTER = /^ {1,2}\d|^ ?(?:kr|dkk|eur|€|\$|%|,-)(?![\p{L}\p{N}])/iu;
const NO_ROW_AFTER = /^ {1,2}(?:(?:\d{8}|\d\d \d\d \d\d \d\d|\d{6}-?\d{4})(?!\d)|\d{1,2}[./-]\d)/u;

/** Characters that are looked at on either side. */
const NEAR = 40;

/** Judges what touches the characters from `start` to `end` of folded text. */
export function boundsOf(text: string, start: number, end: number): Bounds {
  const before = text.slice(Math.max(0, start - NEAR), start);
  const after = text.slice(end, end + NEAR);
  if (isGluedBefore(before) || isGluedAfter(after)) return 'glued';
  if (NAME_BEFORE.test(before) || NAME_AFTER.test(after)) return 'doubtful';
  if (isPartOfAmountOrList(before, after) || isPartOfPath(before, after)) return 'doubtful';
  const isInRow =
    (ROW_BEFORE.test(before) && !NO_ROW_BEFORE.test(before)) ||
    (ROW_AFTER.test(after) && !NO_ROW_AFTER.test(after));
  return isInRow || WEB_ADDRESS.test(before) ? 'doubtful' : 'free';
}

function isGluedBefore(before: string): boolean {
  const last = before.at(-1) ?? ' ';
  if (LETTER_OR_DIGIT.test(last)) return !LABEL_BEFORE.test(before);
  if (!GLUE.test(last) || BETWEEN.test(last)) return false;
  const previous = before.at(-2) ?? ' ';
  if (DIGIT.test(previous)) return last !== '=' && last !== '_';
  if (!LETTER_OR_DIGIT.test(previous)) return last === '+' || last === '@' || last === '#';
  return last !== '\\' && !LABEL_BEFORE.test(before) && !NAME_BEFORE.test(before);
}

function isGluedAfter(after: string): boolean {
  const first = after.at(0) ?? ' ';
  if (LETTER_OR_DIGIT.test(first) || first === '@' || first === '%') return true;
  if (!GLUE.test(first) || first === '_' || BETWEEN.test(first)) return false;
  if (NAME_AFTER.test(after)) return false;
  return first === '-' ? LETTER_OR_DIGIT.test(after.at(1) ?? ' ') : DIGIT.test(after.at(1) ?? ' ');
}

function isPartOfAmountOrList(before: string, after: string): boolean {
  if (LONG_BEFORE.test(before) || LONG_AFTER.test(after)) return true;
  if (/\d,$/u.test(before)) return !after.startsWith(',') && !CELL_BEFORE.test(before);
  return /^,\d/u.test(after) && !before.endsWith(',') && !CELL_AFTER.test(after);
}

const isPartOfPath = (before: string, after: string): boolean =>
  /(?<!\d)\d{1,4}\/$/u.test(before) || /^\/\d{1,4}(?!\d)/u.test(after);
