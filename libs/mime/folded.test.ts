// SPDX-License-Identifier: Apache-2.0
import { folded } from './folded.ts';

it.each([
  ['case', '[SIKKER]'],
  ['spaces', '[ sik ker\u00a0]'],
  ['what nobody sees', '\u200b[sik\u00adke\u2060r\ufe0f]'],
  ['width', '［ｓｉｋｋｅｒ］'],
  ['accents', '[síkkër]'],
  ['Cyrillic', '[ѕіккеr]'],
  ['Greek', '[sικκεr]'],
  ['other brackets', '【sikker〕'],
  ['a small l', '[SlKKER]'],
  ['mathematical letters', '[𝐬𝐢𝐤𝐤𝐞𝐫]'],
])('%s is looked past', (_, text) => {
  expect(folded(text)).toBe('[sikker]');
});

it('other words stay others', () => {
  expect(folded('Økse 世界')).toBe('økse世界');
  expect(folded('Bil')).toBe('bii');
});
