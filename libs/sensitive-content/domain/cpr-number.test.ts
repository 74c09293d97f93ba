// SPDX-License-Identifier: Apache-2.0
import { readCpr } from './cpr-number.ts';

const TODAY = new Date('2026-11-28');

// 070761-4285 and 251248-9996 are test persons that authorities publish; the others are made up.
it.each([
  ['0707614285', { year: 1961, month: 7, day: 7 }, true, 'never'],
  ['2512489996', { year: 1948, month: 12, day: 25 }, false, 'never'],
  ['0707614286', { year: 1961, month: 7, day: 7 }, false, 'never'],
  ['2902003999', null, false, 'never'], // 1900 was no leap year
  ['2902004999', { year: 2000, month: 2, day: 29 }, false, 'never'],
  ['0101614000', { year: 1961, month: 1, day: 1 }, false, 'seldom'],
  ['0101594000', { year: 1959, month: 1, day: 1 }, false, 'never'],
  ['3112064001', { year: 2006, month: 12, day: 31 }, false, 'never'],
  ['0101074000', { year: 2007, month: 1, day: 1 }, false, 'yes'],
  ['2811264001', { year: 2026, month: 11, day: 28 }, false, 'yes'],
  ['2911264000', null, false, 'never'], // tomorrow
  ['0101375000', null, false, 'never'], // 2037
  ['0101585000', null, false, 'never'], // 1858
  ['3213614285', null, false, 'never'],
  ['0007614285', null, false, 'never'],
  ['3104614285', null, false, 'never'],
] as const)('%s is read', (digits, born, checked, mayFail) => {
  const read = readCpr(digits, TODAY);
  if (born === null) expect(read).toBeNull();
  else expect(read).toEqual({ born, checked, mayFail });
});
