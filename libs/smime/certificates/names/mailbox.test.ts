// SPDX-License-Identifier: Apache-2.0
import { readMailbox, sameMailbox } from './mailbox.ts';

describe('a mailbox in quotes', () => {
  it.each([
    ['"ceo"@a.example', 'ceo@a.example'],
    ['"c\\eo"@a.example', 'CEO@a.example'],
    ['"a\\ b"@a.example', '"a b"@a.example'],
  ])('is the same as without those that it does not need: %s and %s', (one, other) => {
    expect(sameMailbox(one, other)).toBe(true);
  });

  it.each([
    ['"a b"@a.example', 'ab@a.example'],
    ['"a\\"b"@a.example', '"ab"@a.example'],
    ['"a\\\\b"@a.example', '"a\\b"@a.example'],
    ['""@a.example', '" "@a.example'],
  ])('is another where it does: %s and %s', (one, other) => {
    expect(sameMailbox(one, other)).toBe(false);
  });

  it('keeps the quotes that it needs', () => {
    expect(readMailbox('"a@b\\"\\c"@a.example')?.local).toBe('"a@b\\"c"');
  });
});
