// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';

const KEY = 'securemail-organisation';

/** Whose page it was last in this tab, for who has to sign in again; its id is no secret. */
export const lastOrganisation = (): string | null => sessionStorage.getItem(KEY);

/** Of the page that is shown; undefined: not known yet. */
export function useNoted(id: string | undefined): void {
  useEffect(() => {
    if (id !== undefined) sessionStorage.setItem(KEY, id);
  }, [id]);
}
