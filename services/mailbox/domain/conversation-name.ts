// SPDX-License-Identifier: Apache-2.0
import { SUBJECT } from './reply.ts';

/** Whether it is what a mail program makes of the subject that all has that is written here: `Re: …`, also behind a mark of its own. */
export const isAnswerSubject = (subject: string): boolean =>
  subject.trim().toLowerCase().endsWith(SUBJECT.toLowerCase());

/** Blanks, and what is there without being seen: neither shows anything, nor can anybody press on it. */
const UNSEEN = /^[\s\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** What overrides or embeds a direction of writing (UAX #9), and shows letters in another order, beyond its own text, too. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu;

/** A subject as its reader sees it, each letter in its place: empty where nothing of it is seen. */
export const seenSubject = (subject: string): string =>
  UNSEEN.test(subject) ? '' : subject.replaceAll(TURNS, '');

/** What mail programs put before the subject of what they answer or pass on, also counted (`Re[2]:`); "OK:" and "No:" are words. */
const PREFIXES =
  /^(?:(?:re|fwd?|aw|wg|sv|vs|vb|vl|antw|doorst|tr|rv|rif|res|enc|odp|pd)(?:[[(^]\d{1,3}[\])]?)? ?:\s*)+/i;
const withoutPrefixes = (subject: string): string => subject.trim().replace(PREFIXES, '');

/** The subject of a message, where it tells its reader more than the name of its conversation does; else empty. */
export const ownSubject = (subject: string, name: string): string =>
  isAnswerSubject(subject) || withoutPrefixes(subject) === withoutPrefixes(name) ? '' : seenSubject(subject);

/** What a conversation is about: the first subject that somebody gave it; empty where nobody did. */
export const nameOf = (subjects: readonly string[]): string =>
  subjects.find((subject) => seenSubject(subject) !== '' && !isAnswerSubject(subject)) ?? '';

/** Characters of a text by which it is known again. */
const LONGEST_START = 60;

/**
 * How a text begins: what a conversation is called whose first message has ended, while answers that are all called alike
 * go on. Empty where the text says nothing.
 */
export function startOf(text: string): string {
  const line = text.split(/[\r\n]+/).find((each) => seenSubject(each) !== '') ?? '';
  const start = Array.from(line.replaceAll(/\p{Cc}/gu, ' ').trim());
  return start.length <= LONGEST_START
    ? start.join('')
    : `${start.slice(0, LONGEST_START).join('').trimEnd()}…`;
}
