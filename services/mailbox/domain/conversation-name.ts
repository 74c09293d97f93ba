// SPDX-License-Identifier: Apache-2.0
import { SUBJECT } from './reply.ts';

/** Whether it is what a mail program makes of the subject that all has that is written here: `Re: …`, also behind a mark of its own. */
export const isAnswerSubject = (subject: string): boolean =>
  subject.trim().toLowerCase().endsWith(SUBJECT.toLowerCase());

/** What a conversation is about: the first subject that somebody gave it; empty where nobody did. */
export const nameOf = (subjects: readonly string[]): string =>
  subjects.find((subject) => subject.trim() !== '' && !isAnswerSubject(subject)) ?? '';
