// SPDX-License-Identifier: Apache-2.0
export const START = '/console/';

/**
 * To which page somebody comes back who goes to a provider to sign in; null: to the first one.
 *
 * @param before what is kept already: whom the provider refused has still not seen it.
 */
export function placeToKeep(
  { pathname, search }: { pathname: string; search: string },
  before: string | null,
): string | null {
  if (pathname === START) return null;
  if (!pathname.startsWith(`${START}sign-in`)) return pathname.slice(START.length - 1) + search;
  return new URLSearchParams(search).has('refused') ? before : null;
}
