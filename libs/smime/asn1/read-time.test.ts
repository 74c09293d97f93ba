// SPDX-License-Identifier: Apache-2.0
import { der, DerError, readDer, TAG } from './der.ts';
import { readTime } from './read-time.ts';

const read = (tag: number, text: string) => readTime(readDer(der(tag, Buffer.from(text)))).toISOString();

describe('a time', () => {
  it.each([
    [TAG.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [TAG.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [TAG.utcTime, '240229000000Z', '2024-02-29T00:00:00.000Z'],
    [TAG.generalizedTime, '00490101000000Z', '0049-01-01T00:00:00.000Z'],
    [TAG.generalizedTime, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ])('is read to the second: %i %s', (tag, text, at) => {
    expect(read(tag, text)).toBe(at);
  });

  it.each([
    ['of a day that is not in the calendar', TAG.utcTime, '230230000000Z'],
    ['of a leap day that was none', TAG.generalizedTime, '21000229000000Z'],
    ['at 24 o’clock', TAG.utcTime, '230101240000Z'],
    ['in a leap second', TAG.utcTime, '161231235960Z'],
    ['without seconds', TAG.utcTime, '2301010000Z'],
    ['in a zone', TAG.utcTime, '230101000000+0100'],
    ['in another string type', TAG.octetString, '230101000000Z'],
  ])('is not read %s', (_, tag, text) => {
    expect(() => read(tag, text)).toThrow(DerError);
  });
});
