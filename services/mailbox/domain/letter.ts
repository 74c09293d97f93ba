// SPDX-License-Identifier: Apache-2.0
import type { Address, Language } from '@securemail/contracts';
import type { Attachment, Composition } from '@securemail/mime';
import { seenSubject } from './conversation-name.ts';
import { cleaned, SUBJECT } from './reply.ts';
import { WORDS } from './words/index.ts';

export interface LetterFacts {
  author: Address;
  to: Address;
  /** What the contact is called that was chosen. */
  contact: string;
  /** Of whom it is for. */
  language: Language;
  /** Empty where its writer gave it none. */
  subject: string;
  text: string;
  files: readonly Attachment[];
  at: Date;
  messageId: string;
}

/** What somebody wrote first as the mail that the organisation gets. What it is about stands in the text alone, as in an answer. */
export function letterMail(facts: LetterFacts): Composition {
  const { author, to, contact, language, subject, text, files, at, messageId } = facts;
  const words = WORDS[language];
  const before = [
    words.letter(author, contact),
    ...(seenSubject(subject) === '' ? [] : [words.subject(subject)]),
  ];
  return {
    from: { address: author },
    to: [{ address: to }],
    subject: SUBJECT,
    text: `${[...before, cleaned(text)].join('\n\n')}\n`,
    attachments: files,
    headers: {},
    date: at,
    messageId,
  };
}
