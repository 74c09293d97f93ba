// SPDX-License-Identifier: Apache-2.0

/**
 * Finds who has an address, as a filter (RFC 4515). An address may hold `*` and `&` and letters beyond ASCII: everything
 * but letters, digits and the plainest signs is written as its octets, so that it is never read as anything but a value.
 */
export const ldapFilterFor = (attribute: string, address: string): string =>
  `(${attribute}=${escapedValue(address)})`;

export const escapedValue = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9@._-]/gu, (character) =>
    [...Buffer.from(character)].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join(''),
  );
