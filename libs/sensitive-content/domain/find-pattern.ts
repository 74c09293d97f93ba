// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from 're2js';

/** Instructions of a compiled pattern: with the length of the text, what finding costs. */
const LARGEST_PROGRAM = 2_000;

/** A pattern that is not taken. The text says why, and may repeat a part of the pattern. */
export class RefusedPatternError extends Error {
  override name = 'RefusedPatternError';
}

/**
 * Makes a finder of a regular expression in the syntax of RE2, which has neither look-around nor back references and finds
 * in linear time (https://github.com/google/re2/wiki/Syntax). Case counts, unless the pattern begins with `(?i)`.
 *
 * @returns a function that takes folded text (`foldText`), and gives what it found, in the order of the text.
 * @throws RefusedPatternError where it is none, is too large, or finds nothing at all everywhere (`x*`).
 */
export function patternFinder(pattern: string): (text: string) => Iterable<string> {
  const compiled = compile(pattern);
  if (compiled.programSize() > LARGEST_PROGRAM) throw new RefusedPatternError('the pattern is too large');
  if (compiled.matcher('').find()) throw new RefusedPatternError('the pattern matches the empty text');
  return function* (text) {
    const matcher = compiled.matcher(text);
    while (matcher.find()) {
      const found = matcher.group();
      if (found !== null && found !== '') yield found;
    }
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new RefusedPatternError(error instanceof Error ? error.message : 'it is no pattern');
  }
}
