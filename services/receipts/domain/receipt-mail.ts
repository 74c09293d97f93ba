// SPDX-License-Identifier: Apache-2.0
import type { Address, GuardNote, Language, RecipientId } from '@securemail/contracts';
import type { Composition } from '@securemail/mime';
import { outcomeOf, type Email } from './email.ts';
import { HEADLINES, sentenceFor, STILL_HELD } from './wording.ts';

export interface ReceiptFacts {
  email: Email;
  from: Address;
  sender: Address;
  subject: string;
  messageId: string;
  addresses: ReadonlyMap<RecipientId, Address>;
  /** What guards did with it, in the language of the sender. */
  guards: readonly GuardNote[];
  language: Language;
  at: Date;
  /** Of the receipt itself. */
  receiptMessageId: string;
  /** The how-manieth reminder it is of what is held; 0: none. */
  reminder: number;
  /** Until when what is held is kept. */
  keptUntil: Date | null;
  /** The mail itself, where it goes back to its sender. */
  original: AsyncIterable<Uint8Array> | null;
}

/** Octets; a larger one might keep the receipt from arriving. */
const MOST_THAT_GOES_BACK = 10 * 1024 * 1024;

/** Whether its sender gets a mail back: nobody decided about somebody in time. */
export const goesBack = ({ recipients }: Pick<Email, 'recipients'>, size: number): boolean =>
  size <= MOST_THAT_GOES_BACK &&
  recipients.some(({ state }) => state.status === 'rejected' && state.because === 'hold-ended');

const SUBJECTS = { sent: 'Sent securely', 'partly-sent': 'Partly sent', 'not-sent': 'Not sent' } as const;
const MESSAGE_ID = /^<[^<>\s]+>$/;

/** The mail that tells the sender how it went. It holds nothing of the content, and answers nothing (RFC 3834). */
export function receiptMail(facts: ReceiptFacts): Composition {
  const { email, from, sender, subject, messageId, addresses, at, receiptMessageId } = facts;
  const { reminder, keptUntil, original } = facts;
  const outcome = outcomeOf(email);
  const lines = email.recipients.map((recipient) => ({
    address: addresses.get(recipient.recipientId) ?? recipient.recipientId,
    sentence: sentenceFor(recipient) + (recipient.state.status === 'held' ? keptText(keptUntil) : ''),
  }));
  const headline = reminder > 0 ? STILL_HELD : HEADLINES[outcome];
  return {
    from: { address: from, name: 'Secure@Mail' },
    to: [{ address: sender }],
    subject: `${reminder > 0 ? 'Still held' : SUBJECTS[outcome]}: ${subject === '' ? '(no subject)' : subject}`,
    text: textOf(headline, lines, facts),
    html: htmlOf(headline, lines, facts),
    headers: {
      'Auto-Submitted': 'auto-replied',
      ...(MESSAGE_ID.test(messageId) ? { 'In-Reply-To': messageId, References: messageId } : {}),
    },
    ...(original === null
      ? {}
      : { attachments: [{ filename: 'original.eml', contentType: 'message/rfc822', content: original }] }),
    date: at,
    messageId: receiptMessageId,
  };
}

const keptText = (until: Date | null): string =>
  until === null ? '' : ` Until ${until.toISOString().slice(0, 10)}, then it is given up.`;

interface Line {
  address: string;
  sentence: string;
}

const ATTACHED = 'Your mail is attached.';

function textOf(
  headline: string,
  lines: readonly Line[],
  { guards, original, email: { emailId, acceptedAt } }: ReceiptFacts,
): string {
  const notes = guards.map(({ title, text }) => `${title}\n  ${text}\n\n`).join('');
  const each = lines.map(({ address, sentence }) => `${address}\n  ${sentence}`).join('\n\n');
  const attached = original === null ? '' : `${ATTACHED}\n\n`;
  return `${headline}\n\n${notes}${each}\n\n${attached}Handed in ${acceptedAt}. Email id ${emailId}.\n`;
}

function htmlOf(
  headline: string,
  lines: readonly Line[],
  { guards, language, original, email: { emailId, acceptedAt } }: ReceiptFacts,
): string {
  const notes = guards
    .map(
      ({ title, text }) => `<p lang="${language}"><strong>${escape(title)}</strong><br>${escape(text)}</p>`,
    )
    .join('');
  const rows = lines
    .map(
      ({ address, sentence }) =>
        `<tr><th scope="row" align="left" valign="top">${escape(address)}</th><td>${escape(sentence)}</td></tr>`,
    )
    .join('');
  return (
    `<!doctype html><html lang="en"><body><p><strong>${escape(headline)}</strong></p>${notes}<table cellpadding="6">${rows}</table>` +
    `${original === null ? '' : `<p>${ATTACHED}</p>`}<p>Handed in ${escape(acceptedAt)}. Email id ${escape(emailId)}.</p></body></html>`
  );
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
