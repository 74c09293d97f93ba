// SPDX-License-Identifier: Apache-2.0
import type { SignInAt } from '../api.ts';

const KEY = 'securemail-link';

/** By which somebody leaves for another place to sign in from this tab, whose history has it, too. */
export function noteLink(where: SignInAt): void {
  try {
    if ('link' in where) sessionStorage.setItem(KEY, where.link);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Where a browser keeps nothing, who turns back follows his link again.
  }
}

/** null: by none, or it is not known. */
export function lastLink(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
