// SPDX-License-Identifier: Apache-2.0

/** Of an answer, in the languages that mail programs write them in: English, Scandinavian, German, Dutch. */
const LAST = /(^|\s)(re|sv|aw|antw)\s*:$/i;
const FIRST = /^(re|sv|aw|antw)\s*:\s*/i;
/** In Finnish of an answer, and in Danish and Norwegian of what is passed on: only one like the other is too many. */
const LAST_VS = /(^|\s)vs\s*:$/i;
const FIRST_VS = /^vs\s*:\s*/i;

/**
 * What is left of a subject when marks are taken out of it, which stood between these pieces. A mail program writes `Re:`
 * before a mark, for it sees none behind it: of the two one goes, or they would become more with each answer.
 */
export const aroundMarks = (pieces: readonly string[]): string =>
  pieces
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .reduce((before, piece) => `${before} ${behind(before, piece)}`.trim(), '');

function behind(before: string, piece: string): string {
  if (LAST.test(before)) return piece.replace(FIRST, '');
  return LAST_VS.test(before) ? piece.replace(FIRST_VS, '') : piece;
}
