// SPDX-License-Identifier: Apache-2.0

/** Soft hyphens, zero width characters, direction marks, variation selectors: nobody sees them. */
const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/gu;
const DASHES = /[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]/gu;
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;
const OTHER_DIGITS = /(?![0-9])\p{Nd}/gu;
const UNUSUAL = /[^\t\n -~\u00a1-\u00ac\u00ae-\u024f]/u;

/**
 * Text as the eye reads it: what is invisible is gone; every dash is `-`, every space a space, every line end `\n`,
 * every decimal digit of Unicode (full width, Arabic-Indic, mathematical) its ASCII one. Letters stay as they are.
 */
export function foldText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .replace(INVISIBLE, '')
    .replace(DASHES, '-')
    .replace(SPACES, ' ')
    .replace(LINE_ENDS, '\n')
    .replace(OTHER_DIGITS, asciiDigit);
}

const FIRST_MATHEMATICAL_DIGIT = 0x1d7ce;
const LAST_MATHEMATICAL_DIGIT = 0x1d7ff;
const DIGIT = /^\p{Nd}$/u;

/** Unicode has decimal digits in runs from 0 to 9 with no gap; only the mathematical ones follow run on run. */
function asciiDigit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= FIRST_MATHEMATICAL_DIGIT && code <= LAST_MATHEMATICAL_DIGIT) {
    return String((code - FIRST_MATHEMATICAL_DIGIT) % 10);
  }
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
