// SPDX-License-Identifier: Apache-2.0
import { headerIn } from '@securemail/mime';

export const subjectOf = (content: Buffer): string => headerIn(content).get('Subject')?.trim() ?? '';

export const isInterim = (content: Buffer): boolean => subjectOf(content).startsWith('Still under way');
export const isLate = (content: Buffer): boolean => subjectOf(content).startsWith('Late');

/** Whether a receipt only says that a mail takes its time, as on a slow machine each may. */
export const isOfDelay = (content: Buffer): boolean => isInterim(content) || isLate(content);
