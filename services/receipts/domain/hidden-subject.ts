// SPDX-License-Identifier: Apache-2.0
import type { DataOf } from '@securemail/contracts';

/** Whether something sensitive was found in a mail, perhaps in the subject: nothing that is told of it repeats that. */
export const isSubjectHidden = ({ hideSubject, guards }: DataOf<'EmailAccepted'>): boolean =>
  hideSubject || guards.some(({ guard }) => guard === 'sensitive-content');
