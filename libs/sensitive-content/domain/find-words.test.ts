// SPDX-License-Identifier: Apache-2.0
import { foldCase, wordFinder } from './find-words.ts';

const find = (words: readonly string[], text: string) => wordFinder(words)(foldCase(text));

it.each([
  ['a word', ['fortrolig'], 'Dette er Fortrolig.', 1],
  ['no part of a word', ['fortrolig'], 'Fortroligheden, ufortrolig', 0],
  ['without regard to case, beyond ASCII', ['ærø', 'STRASSE'], 'ÆRØ: Hauptstraße, Straße', 2],
  ['however its letters are composed', ['café'], 'CAFE\u0301', 1],
  ['final sigma', ['ΟΔΟΣ'], 'οδος', 1],
  ['several words, however far apart', ['strengt fortroligt'], 'Strengt\r\n   fortroligt', 1],
  ['no word that goes on with a mark', ['ae'], 'ae\u0301', 0],
  ['marks', ['C++', '.net'], 'C++ og .NET, c og net', 2],
  ['in names of files', ['fortrolig'], 'fortrolig_notat.pdf', 1],
  ['with digits', ['projekt 7'], 'Projekt 7 og projekt 77', 1],
  ['next to digits not', ['x'], 'x7 7x x', 1],
] as const)('finds %s', (_, words, text, count) => {
  expect(find(words, text)).toHaveLength(count);
});

it('finds among a thousand words as fast as among one', () => {
  const words = Array.from({ length: 1_000 }, (_, i) => `ord${i} og mere`);
  const text = 'ord7 og mere eller ord8 '.repeat(20_000);
  const start = performance.now();
  expect(find(words, text)).toHaveLength(20_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
