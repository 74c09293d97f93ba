// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';

const KEY = 'securemail-organisation';

/** Whose page it was last in this tab, for who has to sign in again; its id is no secret. */
export function lastOrganisation(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    // Where a browser blocks cookies it keeps nothing else either, and throws.
    return null;
  }
}

function note(id: string): void {
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
    // As above: whoever has to sign in again follows his link.
  }
}

/** Of the page that is shown; undefined: not known yet. */
export function useNoted(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined) note(id);
  }, [id]);
}
