// SPDX-License-Identifier: Apache-2.0
const KEY = 'securemail-organisation';

/** Whose page it was last in this tab, for who has to sign in again; its id is no secret. */
export const lastOrganisation = (): string | null => sessionStorage.getItem(KEY);
export const noteOrganisation = (id: string): void => {
  sessionStorage.setItem(KEY, id);
};
