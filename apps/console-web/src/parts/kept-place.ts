// SPDX-License-Identifier: Apache-2.0
import { placeToKeep, START } from './place.ts';

const KEY = 'securemail-console-place';

/** Who goes to a provider to sign in comes back to the page that he wanted to see, in this tab. */
export function keepPlace(): void {
  const place = placeToKeep(location, sessionStorage.getItem(KEY));
  if (place === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, place);
}

/** Before anything is shown. */
export function atKeptPlace(): void {
  const place = sessionStorage.getItem(KEY);
  if (location.pathname !== START || place === null) return;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', START.slice(0, -1) + place);
}
