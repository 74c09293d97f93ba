// SPDX-License-Identifier: Apache-2.0

/**
 * Letters that look like Latin ones, of those scripts that have most of them, and brackets: enough for short words of ours.
 * Tables of all of Unicode (UTS #39) come in no library that is kept up.
 */
const LOOK_ALIKES = new Map<string, string>([
  ...pairs('аеорсухіјѕԁһкгтпмвнӏԛԝɡıɪ', 'aeopcyxijsdhkrtnmbhlqwgii'),
  ...pairs('αεορυχικτνηωϲϳ', 'aeopuxiktvnwcj'),
  ...pairs('【〔〖⟦❲〚】〕〗⟧❳〛', '[[[[[[]]]]]]'),
  ...pairs('‐‑‒–—―−ˍ', '--------'),
  // A capital I looks as a small l does, and as these.
  ...pairs('l|ǀ∣│', 'iiiii'),
]);
const UNSEEN = /[\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\s]/gu;

function pairs(from: string, to: string): [string, string][] {
  return Array.from(from, (letter, index): [string, string] => [letter, to[index] ?? '']);
}

/** Of what looks like a small l, as a capital I does, too. */
function looksLike(letter: string): string {
  const latin = LOOK_ALIKES.get(letter) ?? letter;
  return LOOK_ALIKES.get(latin) ?? latin;
}

/**
 * A text as it looks to somebody who reads it quickly, to compare it with another: without case, width, accents, white
 * space and what nobody sees; Cyrillic and Greek letters as the Latin ones that they look like. Letter by letter: of two texts,
 * one behind the other, it is that of both.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(UNSEEN, '')
    .replaceAll(/[^\0-\x7f]|[l|]/gu, (letter) => looksLike(letter));
