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
]);
const UNSEEN = /[\p{M}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\s]/gu;

function pairs(from: string, to: string): [string, string][] {
  return Array.from(from, (letter, index): [string, string] => [letter, to[index] ?? '']);
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
    .replaceAll(/[^\0-\x7f]/gu, (letter) => LOOK_ALIKES.get(letter) ?? letter);
