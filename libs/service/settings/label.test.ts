// SPDX-License-Identifier: Apache-2.0
import { label, plainText } from './label.ts';

it.each([
  'Demo Kommune',
  'Børne- og Ungeforvaltningen (1. sal)',
  '  Kommune ',
  'Müller & Söhne GmbH – „Haus 3“',
  '東京都',
  'Ψ',
  // Persian and Hindi need joiners, emoji their selector.
  'می‌خواهم',
  'क्‍ष',
  'Help ☎️',
])('is a name: %j', (name) => {
  expect(label(120).parse(name)).toBe(name.trim());
});

it.each([
  ['a line break', 'Demo\nKommune'],
  ['a carriage return', 'Demo\r\nBcc: x@evil.example'],
  ['the separator of lines', 'Demo\u2028Kommune'],
  ['NUL', 'Demo\0'],
  ['DEL', 'Demo\x7f'],
  ['what turns the rest round', 'Demo \u202eenummoK'],
  ['an isolate', '\u2066Demo\u2069'],
  ['a soft hyphen', 'Demo\u00adKommune'],
  ['a space without width', 'Demo\u200bKommune'],
  ['a filler', 'Demo\u3164'],
  ['a braille blank', 'Demo\u2800'],
  ['tags', 'Demo\u{e0041}'],
  ['a joiner that joins nothing', '\u200dDemo'],
  ['a row of joiners', 'Demo\u200d\u200d'],
  ['half of a pair', 'Demo\ud83d'],
  ['nothing', ''],
  ['only blanks', ' \u3000 '],
  ['only signs', '---'],
  ['more than a header takes', 'x'.repeat(3_000)],
])('is no name: %s', (_what, name) => {
  expect(label(120).safeParse(name).success).toBe(false);
});

it('a text may have lines, and nothing else that is not seen', () => {
  expect(plainText().parse('One.\n\nTwo.\r\n\t3\n')).toBe('One.\n\nTwo.\r\n\t3');
  for (const text of ['a\u202eb', 'a\0b', 'a\u200bb'])
    expect(plainText().safeParse(text).success).toBe(false);
});
