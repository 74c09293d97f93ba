// SPDX-License-Identifier: Apache-2.0
import { shownAddress, type Address, type Language, type RecipientId } from '@securemail/contracts';
import type { Composition } from '@securemail/mime';
import type { Email } from './email.ts';
import { page } from './page.ts';
import { isUnsent, stateOf } from './standing.ts';
import { moment, sentenceFor, WORDS } from './wording.ts';

export interface DigestedEmail {
  email: Email;
  subject: string;
  /** Something sensitive was found in it, perhaps in the subject. */
  sensitive: boolean;
  addresses: ReadonlyMap<RecipientId, Address>;
}

export interface DigestFacts {
  emails: readonly DigestedEmail[];
  from: Address;
  sender: Address;
  language: Language;
  at: Date;
  messageId: string;
}

/** Or was read by somebody for whom it was not. */
const hasFailed = (email: Email): boolean => stateOf(email) !== 'sent' || email.recipients.some(isUnsent);

/** More are counted. */
const LISTED = 200;

/** One mail about several that were sent to everybody, and first about those of them that were not after all. It is no reply to one of them, hence `auto-generated` (RFC 3834 §5). */
export function digestMail({ emails, from, sender, language, at, messageId }: DigestFacts): Composition {
  const words = WORDS[language];
  // One that was sent when it was noted may have failed since.
  const failed = emails.filter(({ email }) => hasFailed(email));
  const others = emails.filter(({ email }) => !hasFailed(email));
  const { subject, line } = words.headlines[failed.length === 0 ? 'digest' : 'digest-not-all'];
  const rows = [...failed, ...others].slice(0, LISTED).map(({ email, addresses, sensitive, ...mail }) => {
    const name = sensitive ? words.hiddenSubject : mail.subject || words.noSubject;
    return {
      about: `${name}, ${moment(email.acceptedAt, language)}`,
      text: email.recipients
        .map(
          (recipient) =>
            `${shownAddress(addresses.get(recipient.recipientId) ?? recipient.recipientId)}: ${sentenceFor(recipient, language)}`,
        )
        .join(' '),
    };
  });
  const more = emails.length - rows.length;
  return {
    from: { address: from, name: 'Secure@Mail' },
    to: [{ address: sender }],
    subject: `${subject}: ${emails.length}`,
    ...page(language, line, { notes: [], rows, end: more > 0 ? [words.andMore(more)] : [] }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    date: at,
    messageId,
  };
}
