// SPDX-License-Identifier: Apache-2.0
import { der, DerError, NULL, oid, sequence, smallInteger, TAG, time } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { findCrlEntry, readCrl, readCrlEntry } from './crl.ts';

const year = (number: number) => new Date(Date.UTC(number, 0));
const entry = (serial: Buffer, since = year(2020)) => sequence(der(TAG.integer, serial), time(since));
const listOf = (...entries: readonly Buffer[]) => {
  const algorithm = sequence(oid(OID.sha256WithRsa), NULL);
  const revoked = entries.length === 0 ? [] : [sequence(...entries)];
  const tbs = sequence(smallInteger(1), algorithm, sequence(), time(year(2020)), ...revoked);
  return readCrl(sequence(tbs, algorithm, der(TAG.bitString, Buffer.alloc(257))));
};
const since = (list: ReturnType<typeof listOf>, ...serial: readonly number[]) => {
  const found = findCrlEntry(list, Buffer.from(serial));
  return found === null ? null : readCrlEntry(found).since;
};

describe('a revocation list', () => {
  it('is looked through for one serial number', () => {
    const list = listOf(
      entry(Buffer.of(1, 2), year(2021)),
      entry(Buffer.of(7, 1, 2), year(2022)),
      entry(Buffer.concat([Buffer.of(1), Buffer.alloc(200)]), year(2023)),
    );
    expect(since(list, 1, 2)).toEqual(year(2021));
    expect(since(list, 7, 1, 2)).toEqual(year(2022));
    expect(since(list, 1, ...Buffer.alloc(200))).toEqual(year(2023));
    expect(since(list, 2)).toBeNull();
    expect(since(list, 2, 2)).toBeNull();
    expect(since(listOf(), 1)).toBeNull();
  });

  it.each([
    ['no entry', NULL],
    ['an entry without serial number', sequence(time(year(2020)))],
    ['an entry with nothing in it', sequence()],
    ['an entry whose serial number is longer than itself', Buffer.of(TAG.sequence, 2, TAG.integer, 1, 5)],
  ])('says nothing of anybody where something in it is %s', (_, odd) => {
    const list = listOf(entry(Buffer.of(1, 2)), odd, entry(Buffer.of(3)));
    expect(() => since(list, 1, 2)).toThrow(DerError);
  });
});
