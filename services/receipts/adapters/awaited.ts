// SPDX-License-Identifier: Apache-2.0

/**
 * Of a row of emails: whether somebody waits for something. For a receipt that nobody can be told by, as the email was erased
 * before, nobody does.
 */
export const isAwaited = (table: string): string =>
  `${table}.stage is not null and not (${table}.stage = 'receipt' and ${table}.nobody_to_tell)`;
