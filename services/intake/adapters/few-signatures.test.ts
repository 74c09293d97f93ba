// SPDX-License-Identifier: Apache-2.0
import { withFewSignatures } from './few-signatures.ts';

const signed = (count: number) =>
  Buffer.from(
    [
      ...Array.from(
        { length: count },
        (_, index) => `DKIM-Signature${['', ' ', '\r\n '][index % 3] ?? ''}: a=1;\r\n\tb=${index}`,
      ),
      'From: å@b.example',
      'X-Note: dkim-signature: no',
      '\tDKIM-Signature: no',
      '',
      '',
    ].join('\r\n'),
  );

it('a header with the signatures that mail has stays octet for octet', () => {
  expect(withFewSignatures(signed(10)).equals(signed(10))).toBe(true);
});

it('of more signatures the first ten are left, with all else octet for octet', () => {
  expect(withFewSignatures(signed(2_000)).equals(signed(10))).toBe(true);
});
