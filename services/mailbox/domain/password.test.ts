// SPDX-License-Identifier: Apache-2.0
import { hasPasswordLength, preparedPassword } from './password.ts';

it.each([
  ['blåbærgrød', 'blåbærgrød'],
  // Composed on one keyboard, and not on another.
  ['bla\u030ab\u00e6r', 'bl\u00e5b\u00e6r'],
  // A space that does not break, as some keyboards type it.
  ['to\u00a0ord', 'to ord'],
  // Not folded: case and width are part of it.
  ['ＡBc', 'ＡBc'],
  ['', null],
  ['a\tb', null],
  ['a\u0000b', null],
  ['\ud800', null],
])('%j is compared as %j', (typed, prepared) => {
  expect(preparedPassword(typed)).toBe(prepared);
});

it.each([
  ['x'.repeat(11), false],
  ['x'.repeat(12), true],
  ['🐢'.repeat(11), false],
  ['🐢'.repeat(12), true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
])('the length of %s is right: %s', (prepared, expected) => {
  expect(hasPasswordLength(prepared)).toBe(expected);
});
