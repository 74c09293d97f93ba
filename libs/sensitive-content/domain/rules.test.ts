// SPDX-License-Identifier: Apache-2.0
import { rulesSchema } from './rules.ts';

const issues = (rules: unknown) =>
  (rulesSchema.safeParse(rules).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

it('takes rules of every kind', () => {
  const rules = [
    { name: 'cpr', kind: 'cpr' },
    { name: 'ord', kind: 'words', words: ['fortrolig', 'strengt fortroligt'] },
    { name: 'sag', kind: 'pattern', pattern: String.raw`(?i)\bsag-\d{6}\b`, atLeast: 3 },
  ];
  expect(rulesSchema.parse(rules)).toEqual(rules);
});

it.each([
  ['an unknown kind', [{ name: 'a', kind: 'iban' }], /^0\.kind: /],
  ['a setting that there is not', [{ name: 'a', kind: 'cpr', atLeast: 2 }], /^0: .*atLeast/],
  ['no name', [{ name: '', kind: 'cpr' }], /^0\.name: /],
  ['line ends in a name', [{ name: 'a\nb', kind: 'cpr' }], /^0\.name: has control characters$/],
  ['half a character in a name', [{ name: 'a\ud83d', kind: 'cpr' }], /^0\.name: has control characters$/],
  [
    'one name twice',
    [
      { name: 'a', kind: 'cpr' },
      { name: 'a', kind: 'cpr' },
    ],
    /^1\.name: another rule has this name$/,
  ],
  ['no words', [{ name: 'a', kind: 'words', words: [] }], /^0\.words: /],
  ['a word of marks', [{ name: 'a', kind: 'words', words: ['ok', '***'] }], /^0\.words\.1: has neither/],
  ['half a pattern', [{ name: 'a', kind: 'pattern', pattern: '(' }], /^0\.pattern: .*missing closing/],
  ['look-around', [{ name: 'a', kind: 'pattern', pattern: '(?=a)' }], /^0\.pattern: /],
  ['a back reference', [{ name: 'a', kind: 'pattern', pattern: String.raw`(a)\1` }], /^0\.pattern: /],
  [
    'a pattern that finds nothing everywhere',
    [{ name: 'a', kind: 'pattern', pattern: 'a*' }],
    /matches the empty text$/,
  ],
  ['a pattern that grows', [{ name: 'a', kind: 'pattern', pattern: '(a{1000}){1000}' }], /^0\.pattern: /],
  [
    'a large pattern',
    [{ name: 'a', kind: 'pattern', pattern: '[a-zæøå]{900}[0-9]{900}x{900}' }],
    /too large$/,
  ],
  ['a long pattern', [{ name: 'a', kind: 'pattern', pattern: 'a'.repeat(1_001) }], /^0\.pattern: /],
  ['a threshold of nothing', [{ name: 'a', kind: 'pattern', pattern: 'a', atLeast: 0 }], /^0\.atLeast: /],
])('refuses %s, and says where', (_, rules, message) => {
  expect(issues(rules)).toEqual([expect.stringMatching(message)]);
});

it('reads patterns in time, whatever they are', () => {
  const start = performance.now();
  for (const pattern of [
    '(((a{9}){9}){9}){9}',
    '('.repeat(1_000),
    '(a|'.repeat(300),
    '[^\\p{L}]'.repeat(120),
    '((a*)*)*b',
  ]) {
    rulesSchema.safeParse([{ name: 'a', kind: 'pattern', pattern }]);
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});
