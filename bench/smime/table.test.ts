// SPDX-License-Identifier: Apache-2.0
import { missed } from './aims.ts';
import type { Row } from './run-case.ts';
import { figure, markdown, size, speedTable } from './table.ts';

const ROW: Row = {
  op: 'sign+encrypt',
  bytes: 10_000,
  recipients: 50,
  alg: 'p-256',
  oursPerSec: 1234.5,
  limitPerSec: 1500,
  ratio: 0.823,
  vs: { pkijs: 12.34, forge: null, bouncycastle: 0.95, openssl: 100.4 },
  perSec: { pkijs: 100, forge: null, bouncycastle: 1300, openssl: 12.3 },
};

it('a table is Markdown, with figures to the right', () => {
  expect(
    markdown(
      ['way', 'times'],
      [
        ['one', '1.00'],
        ['several', '2'],
      ],
    ),
  ).toBe(
    ['| way     | times |', '| ------- | ----: |', '| one     |  1.00 |', '| several |     2 |'].join('\n'),
  );
});

it('a row tells rates, and how many times as fast as each peer ours is', () => {
  const [, , line = ''] = speedTable([ROW]).split('\n');
  const cells = line.split('|').map((cell) => cell.trim());
  expect(cells.slice(1, -1)).toEqual([
    'sign+encrypt',
    '10 KB',
    '50',
    'p-256',
    '1235',
    '1500',
    '0.82',
    '12.3',
    '–',
    '0.95',
    '100',
  ]);
});

it.each([
  [1_000, '1 KB'],
  [10_000, '10 KB'],
  [1_500_000, '1.5 MB'],
  [100_000_000, '100 MB'],
  [1_000_000_000, '1 GB'],
])('%d octets are %s', (bytes, wanted) => {
  expect(size(bytes)).toBe(wanted);
});

it.each([
  [0.1234, '0.123'],
  [12.34, '12.3'],
  [1234.5, '1235'],
  [null, '–'],
])('%p is written %s', (value, wanted) => {
  expect(figure(value)).toBe(wanted);
});

describe('the aims that are missed', () => {
  it('are told in sentences', () => {
    expect(missed([ROW])).toEqual(['sign+encrypt, 10 KB, 50 recipient(s), p-256: 0.95 times bouncycastle']);
    expect(missed([{ ...ROW, ratio: 0.5 }])[0]).toBe(
      'sign+encrypt, 10 KB, 50 recipient(s), p-256: 0.50 of the limit',
    );
  });

  it('are none where a peer was not there', () => {
    const nobody = { pkijs: null, forge: null, bouncycastle: null, openssl: null };
    expect(missed([{ ...ROW, vs: nobody }])).toEqual([]);
  });
});
