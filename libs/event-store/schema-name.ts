// SPDX-License-Identifier: Apache-2.0
/** A schema's name as it may stand in SQL and in a connection's options without quotes. @throws where it may not. */
export function schemaName(name: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return name;
  throw new Error(
    `${JSON.stringify(name)} is no schema name: 1 to 63 of a-z, 0-9 and "_", not a digit first`,
  );
}
