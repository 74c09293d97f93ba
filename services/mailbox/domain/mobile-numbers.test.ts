// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { masked, mobileNumbersIn, numberOf } from './mobile-numbers.ts';

it('reads a list as people and programs write it', () => {
  const numbers = mobileNumbersIn(
    '\uFEFFaddress,number\r\n# by hand\nbo@citizen.example,+45 12 34 56 78\n\n"Kim@citizen.example";"+49 (170) 123-4567"\n',
  );
  expect(numberOf(numbers, Address.parse('BO@citizen.example'))).toBe('+4512345678');
  expect(numberOf(numbers, Address.parse('kim@citizen.example'))).toBe('+491701234567');
  expect(numberOf(numbers, Address.parse('ib@citizen.example'))).toBeNull();
});

it.each([
  ['bo@citizen.example,12345678'],
  ['bo@citizen.example,+0512345678'],
  ['bo@citizen.example,+4512'],
  ['bo@citizen.example,+1234567890123456'],
  ['bo@citizen.example'],
  ['bo@citizen.example,+4512345678,more'],
  ['bo@@citizen,+4512345678'],
])('refuses %j, and does not repeat it', (line) => {
  const read = () => mobileNumbersIn(`address,number\n${line}\n`);
  expect(read).toThrow(/^line 2 is not an address and a number such as \+4512345678$/);
});

it('shows the last two digits', () => {
  expect(masked('+4512345678')).toBe('•••• 78');
});
