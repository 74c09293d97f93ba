// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { asOnePerson } from './address.ts';

/** ITU-T E.164 §6.2.1: at most 15 digits, the first of the country code is no zero. */
const E164 = /^\+[1-9]\d{6,14}$/;
/** As people write them, with what they put between the digits. */
const BETWEEN = /[ ().-]/g;

/** Mobile numbers (E.164) by whose they are. */
export type MobileNumbers = ReadonlyMap<string, string>;

/**
 * A list, `address,number` on each line, or with `;`; a first line that has no `@` names the columns, and `#` begins a
 * comment. Whose number stands twice has the later one.
 *
 * @throws Error which names the line, and not what stands there.
 */
export function mobileNumbersIn(text: string): MobileNumbers {
  const numbers = new Map<string, string>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const said = line.trim();
    if (said === '' || said.startsWith('#') || (index === 0 && !said.includes('@'))) continue;
    const [address = '', number = '', ...more] = said
      .split(/[,;]/)
      .map((each) => each.trim().replace(/^"(.*)"$/, '$1'));
    const read = readAddress(address);
    const digits = number.replaceAll(BETWEEN, '');
    if (!read.ok || !E164.test(digits) || more.length > 0)
      throw new Error(`line ${index + 1} is not an address and a number such as +4512345678`);
    numbers.set(asOnePerson(read.address), digits);
  }
  return numbers;
}

export const numberOf = (numbers: MobileNumbers, address: Address): string | null =>
  numbers.get(asOnePerson(address)) ?? null;

/** So that its owner knows it again, and nobody else learns it. */
export const masked = (number: string): string => `•••• ${number.slice(-2)}`;
