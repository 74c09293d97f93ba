// SPDX-License-Identifier: Apache-2.0
import type { Rule } from './rules.ts';
import { tally } from './tally.ts';

const TODAY = new Date('2026-11-28');

function count(rules: readonly Rule[], subject: string, ...texts: string[]) {
  const { text, findings } = tally(rules, TODAY);
  text('subject', subject);
  for (const each of texts) text('text', each);
  return findings().found;
}

it('counts what is different, so that text and HTML of one mail do not count twice', () => {
  expect(count([{ name: 'cpr', kind: 'cpr' }], '', '070761-4285', '0707614285, 150365-9006')).toEqual([
    { rule: 'cpr', where: 'text', count: 2 },
  ]);
});

it('counts for each rule and place', () => {
  const rules: Rule[] = [
    { name: 'cpr', kind: 'cpr' },
    { name: 'ord', kind: 'words', words: ['Fortrolig'] },
  ];
  expect(count(rules, 'fortrolig: 070761-4285', 'FORTROLIG')).toEqual([
    { rule: 'cpr', where: 'subject', count: 1 },
    { rule: 'ord', where: 'subject', count: 1 },
    { rule: 'ord', where: 'text', count: 1 },
  ]);
});

it('finds words however their hyphens and spaces are written', () => {
  const rules: Rule[] = [{ name: 'ord', kind: 'words', words: ['sags‑akt', 'to\u00a0ord', 'サーバー'] }];
  expect(count(rules, '', 'sags–akt og to ord', 'サーバー')).toEqual([
    { rule: 'ord', where: 'text', count: 3 },
  ]);
});

it('counts a pattern from its threshold on, over the whole mail', () => {
  const rule: Rule = { name: 'sag', kind: 'pattern', pattern: String.raw`S-\d+`, atLeast: 3 };
  expect(count([rule], 'S-1', 'S-2', 'S-1 S-2')).toEqual([]);
  expect(count([rule], 'S-1', 'S-2', 'S‑3')).toEqual([
    { rule: 'sag', where: 'subject', count: 1 },
    { rule: 'sag', where: 'text', count: 2 },
  ]);
});

it('finds with a pattern in time, however it is made to hang others', () => {
  const rules: Rule[] = ['(a+)+$', '(a|aa)+b', '(.*)*x', '([a-z]+)*1'].map((pattern, i) => ({
    name: String(i),
    kind: 'pattern',
    pattern: `z${pattern}`,
  }));
  const start = performance.now();
  count(rules, '', `z${'a'.repeat(50_000)}!`);
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('remembers what was not read once for each place and reason', () => {
  const { unread, findings } = tally([], TODAY);
  for (let i = 0; i < 3; i += 1) unread('attachment', 'no-text');
  unread('message', 'timeout');
  expect(findings()).toEqual({
    found: [],
    unread: [
      { where: 'attachment', because: 'no-text' },
      { where: 'message', because: 'timeout' },
    ],
  });
});
