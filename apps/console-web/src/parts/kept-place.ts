// SPDX-License-Identifier: Apache-2.0
const KEY = 'securemail-console-place';
const START = '/console/';

/** Who goes to a provider to sign in comes back to the page that he wanted to see, in this tab. */
export function keepPlace(): void {
  const { pathname, search } = location;
  if (pathname === START || pathname.startsWith(`${START}sign-in`)) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, pathname.slice(START.length - 1) + search);
}

/** Before anything is shown. */
export function atKeptPlace(): void {
  const place = sessionStorage.getItem(KEY);
  if (location.pathname !== START || place === null) return;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', START.slice(0, -1) + place);
}
