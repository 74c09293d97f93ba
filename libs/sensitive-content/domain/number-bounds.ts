// SPDX-License-Identifier: Apache-2.0

/**
 * How a number stands among its neighbours: `free`; `doubtful`, as part of a longer row of numbers, of an amount, of a
 * web address; `glued`, as part of a longer number, a code or a word.
 */
export type Bounds = 'free' | 'doubtful' | 'glued';

/** These make one thing of what stands on both sides. */
const GLUE = /[-./:+,@%&=?#~^$€£_\\]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const DIGIT = /\d/u;
/** A label may be glued to its number: `CPR0101…`, `cpr-nr.0101…`, `id=0101…`, `f.0101…`. */
const LABEL_BEFORE =
  /(?<![\p{L}\p{N}])\p{L}{1,24}(?:[-.]?(?:nr|no|nummer))?[.:=_]{1,2}$|cpr-?(?:nr|nummer|no)?[-.:=_#]{0,2}$/iu;
const WEB_ADDRESS = /(?:https?:\/\/|www\.)\S*$/iu;
const ROW_BEFORE = /\d[ ]{1,2}$|\+ ?$/u;
const ROW_AFTER = /^ {1,2}\d|^ ?(?:kr|dkk|eur|€|\$|%|,-)(?![\p{L}\p{N}])/iu;

/** Characters that are looked at on either side. */
const NEAR = 40;

/** Judges what touches the characters from `start` to `end` of folded text. */
export function boundsOf(text: string, start: number, end: number): Bounds {
  const before = text.slice(Math.max(0, start - NEAR), start);
  const after = text.slice(end, end + NEAR);
  if (isGluedBefore(before) || isGluedAfter(after)) return 'glued';
  return WEB_ADDRESS.test(before) || ROW_BEFORE.test(before) || ROW_AFTER.test(after) ? 'doubtful' : 'free';
}

function isGluedBefore(before: string): boolean {
  const last = before.at(-1) ?? ' ';
  if (LETTER_OR_DIGIT.test(last)) return !LABEL_BEFORE.test(before);
  if (!GLUE.test(last)) return false;
  const previous = before.at(-2) ?? ' ';
  if (DIGIT.test(previous)) return last !== '=' && last !== '_';
  if (!LETTER_OR_DIGIT.test(previous)) return last === '+' || last === '@' || last === '#';
  return last !== '/' && last !== '\\' && !LABEL_BEFORE.test(before);
}

function isGluedAfter(after: string): boolean {
  const first = after.at(0) ?? ' ';
  if (LETTER_OR_DIGIT.test(first) || first === '@' || first === '%') return true;
  if (!GLUE.test(first) || first === '_') return false;
  return first === '-' ? LETTER_OR_DIGIT.test(after.at(1) ?? ' ') : DIGIT.test(after.at(1) ?? ' ');
}
