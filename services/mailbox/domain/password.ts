// SPDX-License-Identifier: Apache-2.0

/** In characters (code points). */
export const PASSWORD_LENGTH = { least: 12, most: 128 };

/**
 * A password as it is compared, whichever keyboard it was typed on (RFC 8265 §4.2, OpaqueString): composed, and with one
 * kind of space.
 *
 * @returns null where it has control characters, or none at all.
 */
export function preparedPassword(typed: string): string | null {
  const prepared = typed.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
  return prepared === '' || /[\p{Cc}\p{Cs}]/u.test(prepared) ? null : prepared;
}

/** @param prepared as {@link preparedPassword} */
export function hasPasswordLength(prepared: string): boolean {
  const { length } = Array.from(prepared);
  return length >= PASSWORD_LENGTH.least && length <= PASSWORD_LENGTH.most;
}
