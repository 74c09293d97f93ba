// SPDX-License-Identifier: Apache-2.0
import { headerIn } from '@securemail/mime';

export const subjectOf = (content: Buffer): string => headerIn(content).get('Subject')?.trim() ?? '';

/** Whether a receipt only says that a mail is still under way, as on a slow machine each may. */
export const isInterim = (content: Buffer): boolean => subjectOf(content).startsWith('Still under way');
