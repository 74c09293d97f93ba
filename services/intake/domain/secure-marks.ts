// SPDX-License-Identifier: Apache-2.0
import type { SecureBy } from '@securemail/contracts';
import { aroundMarks, type Header } from '@securemail/mime';

export interface Marks {
  header: string;
  subjectTags: readonly string[];
  sensitivities: readonly string[];
}

const DENIALS = new Set(['', 'false', 'no', '0']);

/** Which mark asks for *Send securely*, and the header without the marks that are for us alone. */
export function readMarks(
  header: Header,
  marks: Marks,
): { askedBy: Extract<SecureBy, 'header' | 'subject-tag' | 'sensitivity'> | null; header: Header } {
  const flags = header.getAll(marks.header);
  const subject = header.get('Subject') ?? '';
  const untagged = withoutTags(subject, marks.subjectTags);
  const sensitivities = header.getAll('Sensitivity').map((value) => value.toLowerCase());
  const stripped = header.without([marks.header]);
  const clean =
    untagged === subject ? stripped : withoutTopicTags(stripped.replace('Subject', untagged), marks);
  // Of several that contradict each other the one that asks counts.
  if (flags.some((flag) => !DENIALS.has(flag.trim().toLowerCase())))
    return { askedBy: 'header', header: clean };
  if (untagged !== subject) return { askedBy: 'subject-tag', header: clean };
  if (marks.sensitivities.some((value) => sensitivities.includes(value.toLowerCase()))) {
    return { askedBy: 'sensitivity', header: clean };
  }
  return { askedBy: null, header: clean };
}

/** Outlook and Exchange copy the subject there (MS-OXOMSG §2.2.1.5). */
function withoutTopicTags(header: Header, { subjectTags }: Marks): Header {
  const topic = header.get('Thread-Topic');
  return topic === undefined ? header : header.replace('Thread-Topic', withoutTags(topic, subjectTags));
}

function withoutTags(subject: string, tags: readonly string[]): string {
  if (tags.length === 0) return subject;
  // A letter may be written as one character, or as two (NFD, as from a Mac); both look the same.
  const pattern = tags.map((tag) => asWords(tag.normalize('NFC'))).join('|');
  const pieces = subject.normalize('NFC').split(new RegExp(pattern, 'iu'));
  return pieces.length === 1 ? subject : aroundMarks(pieces);
}

/** A tag that is a word is none within another word: "sikker" not in "Forsikkerhed". */
const asWords = (tag: string) =>
  (/^[\p{L}\p{N}]/u.test(tag) ? `(?<!${LETTER})` : '') +
  literal(tag) +
  (/[\p{L}\p{M}\p{N}]$/u.test(tag) ? `(?!${LETTER})` : '');
const LETTER = String.raw`[\p{L}\p{M}\p{N}]`;

const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
