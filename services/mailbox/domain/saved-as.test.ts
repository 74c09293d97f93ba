// SPDX-License-Identifier: Apache-2.0
import { savedAs } from './saved-as.ts';

const name = (filename: string | null, contentType = 'application/pdf') =>
  savedAs({ filename, contentType, ordinal: 3 });

it.each([
  ['Afgørelse 2026.pdf', 'Afgørelse 2026.pdf'],
  ['../../etc/passwd', 'etcpasswd'],
  ['C:\\Users\\x.exe', 'CUsersx.exe'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['a\u0000b\r\nSet-Cookie: x.txt', 'abSet-Cookie x.txt'],
  ['.htaccess', 'htaccess'],
  ['report.pdf . .', 'report.pdf'],
  ['a\u2028b.pdf', 'ab.pdf'],
  ['<svg onload=x>.svg', 'svg onload=x.svg'],
  ['…', '…'],
  ['NUL', '_NUL'],
  ...['\u3164', '\u2800', '\u115f', '\u034f', '\ufe0f', ' \u17b4.'].map((blank) => [
    `evil.exe${blank}`,
    'evil.exe',
  ]),
  ['Com1.tar.gz', '_Com1.tar.gz'],
  ['console.txt', 'console.txt'],
])('%j is saved as %j', (filename, expected) => {
  expect(name(filename)).toBe(expected);
});

it.each([null, '', '...', '\u200b', '///'])('%j has a name by its place and type', (filename) => {
  expect(name(filename)).toBe('attachment-3.pdf');
});

it('is not longer than file systems take, and keeps its ending', () => {
  const long = name(`${'ø'.repeat(500)}.docx`);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  expect(long).toMatch(/ø\.docx$/);
});

it('takes no longer than a name is long', () => {
  const filename = `a${'.'.repeat(250_000)}b`;
  expect(savedAs({ filename, contentType: 'text/plain', ordinal: 1 })).toHaveLength(122);
});
