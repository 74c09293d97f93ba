// SPDX-License-Identifier: Apache-2.0

/** What is shown to who is signed in, and what only that needs: not part of the first page. */
export const signedInPages = () => import('../pages/signed-in.ts');
