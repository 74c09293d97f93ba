// SPDX-License-Identifier: Apache-2.0
import type { MimeNode } from '@zone-eu/mailsplit';
import { harmlessName } from './harmless-header.ts';

const nameOf = (filename: string) =>
  harmlessName({ filename } as MimeNode, { kind: 'saved', type: 'application/pdf' } as never).name;

it.each([
  ['report.pdf. . .', 'report.pdf'],
  ['  report.pdf\u00a0', 'report.pdf'],
  [' . ', ''],
])('takes off what file systems lose at the end of %j', (came, name) => {
  expect(nameOf(came)).toBe(name);
});

it('takes no longer than a name is long', () => {
  expect(nameOf(`${' '.repeat(250_000)}x.pdf`)).toBe('x.pdf');
  expect(nameOf(`x${' .'.repeat(125_000)}x.pdf`)).toMatch(/x\.pdf$/);
});
