// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { isSevenBit } from './index.ts';

it.each([
  ['text', 'Dear Bo\r\n\r\nHello\r\n', true],
  ['nothing', '', true],
  ['a line of 998 octets', `${'x'.repeat(998)}\r\n`, true],
  ['the same without an end', 'x'.repeat(998), true],
  ['a longer one', `${'x'.repeat(999)}\r\n`, false],
  ['the same without an end', 'x'.repeat(999), false],
  ['a longer one behind others', `Hello\r\n${'x'.repeat(999)}\r\nx\r\n`, false],
  ['letters in UTF-8', 'Blåbær\r\n', false],
  ['NUL', 'a\0b\r\n', false],
])('%s may travel as it is or not', async (_, text, expected) => {
  const bytes = Buffer.from(text);
  for (const size of [3, 5_000]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (__, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(await isSevenBit(Readable.from(chunks))).toBe(expected);
  }
});
