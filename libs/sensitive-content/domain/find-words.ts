// SPDX-License-Identifier: Apache-2.0

/** A word, or several in a row: runs of letters, marks and digits. `_` is a border, for words stand in file names, too. */
const RUN = /[\p{L}\p{M}\p{N}]+/gu;
const IN_RUN = /^[\p{L}\p{M}\p{N}]/u;
const WHITESPACE = /\s+/gu;

/** Text for comparing without regard to case: NFKC, `ß` as `ss`, `ς` as `σ`, every whitespace one space. */
export function foldCase(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('ς', 'σ')
    .replace(WHITESPACE, ' ');
}

/**
 * Makes a finder of whole words, without regard to case. It looks at each word of a text once, however many words it is
 * to find.
 *
 * @param words each with a letter or digit; one may be several words, and have marks (`C++`, `strengt fortroligt`).
 * @returns a function that takes text as `foldCase` gives it, and gives what it found, in the order of the text.
 */
export function wordFinder(words: readonly string[]): (text: string) => string[] {
  const byFirstRun = new Map<string, { word: string; offset: number }[]>();
  for (const each of words) {
    const word = foldCase(each.trim());
    const first = word.match(RUN)?.[0];
    if (first === undefined) continue;
    const others = byFirstRun.get(first) ?? [];
    byFirstRun.set(first, [...others, { word, offset: word.indexOf(first) }]);
  }
  return (text) => {
    const found: string[] = [];
    for (const { 0: run, index } of text.matchAll(RUN)) {
      for (const { word, offset } of byFirstRun.get(run) ?? []) {
        if (text.startsWith(word, index - offset) && endsThere(text, index - offset + word.length))
          found.push(word);
      }
    }
    return found;
  };
}

const endsThere = (text: string, end: number) => !IN_RUN.test(text.slice(end, end + 2));
