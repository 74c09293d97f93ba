// SPDX-License-Identifier: Apache-2.0
import { domainOf, readAddress, type Address, type Language } from '@securemail/contracts';
import { addressesOf, type Attachment, type Composition, type Header } from '@securemail/mime';
import { WORDS } from './words/index.ts';

/** What all that is written in SecureMailBox is called in the mail programs of the organisation. */
export const SUBJECT = 'SecureMailBox message received';

/** What no text has a use for, and what a terminal or a program may act upon (NUL, BEL, ESC). */
const UNSEEN = /[^\P{Cc}\n\r\t]/gu;

/** As somebody typed it, without what can't be seen. */
export const cleaned = (text: string): string => text.replaceAll(UNSEEN, '');

/** Octets of the References that a reply repeats: a mail server takes lines and headers of only so much. */
const MOST_REFERENCES = 4_000;
const MESSAGE_ID = /<[^<>\s]{1,250}>/g;

/** Message-IDs that a mail answers, the nearest first (RFC 5322 §3.6.4). */
export const answeredBy = (header: Header): string[] => [
  ...new Set([
    ...(header.get('In-Reply-To')?.match(MESSAGE_ID) ?? []),
    ...(header.get('References')?.match(MESSAGE_ID) ?? []).toReversed(),
  ]),
];

/** Its own; null where it has none. */
export const messageIdOf = (header: Header): string | null =>
  header.get('Message-ID')?.match(MESSAGE_ID)?.[0] ?? null;

/** Whom an answer is for: where the sender wants it, if that is one of the organisation's own mailboxes. */
export function answeredPerson(
  header: Header,
  { ownDomains, mailFrom }: { ownDomains: readonly string[]; mailFrom: Address },
): Address {
  for (const field of ['Reply-To', 'From'])
    for (const { address } of addressesOf(header, field)) {
      const read = readAddress(address);
      if (read.ok && ownDomains.includes(domainOf(read.address))) return read.address;
    }
  return mailFrom;
}

export interface ReplyFacts {
  /** What it answers. */
  original: Header;
  author: Address;
  to: Address;
  /** Of whom it is for. */
  language: Language;
  text: string;
  files: readonly Attachment[];
  at: Date;
  messageId: string;
}

/** An answer as the mail that the organisation gets. Its subject says nothing of what it is about: the text does. */
export function replyMail({
  original,
  author,
  to,
  language,
  text,
  files,
  at,
  messageId,
}: ReplyFacts): Composition {
  const answered = messageIdOf(original);
  return {
    from: { address: author },
    to: [{ address: to }],
    subject: SUBJECT,
    text: `${WORDS[language].reply(author, original.get('Subject') ?? '')}\n\n${cleaned(text)}\n`,
    attachments: files,
    headers:
      answered === null ? {} : { 'In-Reply-To': answered, References: referencesTo(original, answered) },
    date: at,
    messageId,
  };
}

/** RFC 5322 §3.6.4; the oldest go where they are too many. */
function referencesTo(original: Header, answered: string): string {
  const before =
    original.get('References')?.match(MESSAGE_ID) ?? original.get('In-Reply-To')?.match(MESSAGE_ID) ?? [];
  const all = [...new Set([...before, answered])];
  while (all.length > 1 && all.join(' ').length > MOST_REFERENCES) all.shift();
  return all.join(' ');
}

/**
 * Whether such a file may act when it is opened, by the end of its name: also of one in letters and dots that only look so
 * (Unicode Normalization Form KC), which some program on the way may write as those that they look like.
 */
export function isRefused(name: string, refusedEndings: readonly string[]): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  return refusedEndings.some((ending) => plain.endsWith(`.${ending}`));
}
