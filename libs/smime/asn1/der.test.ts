// SPDX-License-Identifier: Apache-2.0
import { der, DerError, oid, readDer, readOid, TAG } from './der.ts';

const read = (...octets: number[]) => readOid(readDer(der(TAG.oid, Buffer.from(octets))));

describe('an object identifier', () => {
  it.each(['0.9.2342', '1.2.840.113549.1.9.1', '2.5.29.15', '2.999.0', `1.2.${Number.MAX_SAFE_INTEGER}`])(
    'is read as it was written: %s',
    (dotted) => {
      expect(readOid(readDer(oid(dotted)))).toBe(dotted);
    },
  );

  it('is read exactly where an arc is a UUID (the example of ITU-T X.667)', () => {
    const uuid = 329800735698586629295641978511506172918n;
    const septets = Array.from({ length: 19 }, (_, i) => Number((uuid >> BigInt(7 * (18 - i))) & 0x7fn));
    const octets = septets.map((septet, i) => (i < 18 ? septet | 0x80 : septet));
    expect(read(0x69, ...octets)).toBe(`2.25.${uuid}`);
  });

  it.each([
    ['nothing', []],
    ['its last arc cut off', [0x55, 0x1d, 0x0f, 0x81]],
    ['an arc padded', [0x55, 0x80, 0x1d, 0x0f]],
    ['its first arc padded', [0x80, 0x55, 0x1d, 0x0f]],
    ['an arc of 2^128', [0x69, 0x84, ...Array<number>(17).fill(0x80), 0x00]],
    ['an arc without end', [0x55, ...Array<number>(200).fill(0xff), 0x01]],
  ])('is not read where it has %s', (_, octets) => {
    expect(() => read(...octets)).toThrow(DerError);
  });
});
