// SPDX-License-Identifier: Apache-2.0
import {
  shownAddress,
  type Address,
  type GuardNote,
  type Language,
  type RecipientId,
} from '@securemail/contracts';
import type { Attachment, Composition, Field } from '@securemail/mime';
import { deliveryStatus } from './delivery-status.ts';
import type { Due } from './due.ts';
import type { Email, Recipient } from './email.ts';
import type { LastReply } from './last-replies.ts';
import { page, type Paragraphs } from './page.ts';
import {
  headlineHowItWent,
  headlineSoFar,
  headlineStillHeld,
  moment,
  sentenceFor,
  WORDS,
} from './wording.ts';
import type { Headline } from './words/words.ts';

export interface ReceiptFacts {
  email: Email;
  /** What the receipt is about. */
  kind: Due;
  from: Address;
  /** Who is told. */
  sender: Address;
  /** Where a machine or a list sent it, and another is told: what sent it. */
  sentBy: Address | null;
  /** Of a mail from outside: who sent it, as it says itself; null for one that was sent from here. */
  cameFrom: { address: Address | null } | null;
  subject: string;
  messageId: string;
  addresses: ReadonlyMap<RecipientId, Address>;
  /** What the sender gave in place of an address that was corrected. */
  given: ReadonlyMap<RecipientId, Address>;
  /** Whom the mail does not name to the others. */
  blind: ReadonlySet<RecipientId>;
  replies: ReadonlyMap<RecipientId, LastReply>;
  /** Where what lies in SecureMailBox is taken back. */
  takeBack: ReadonlyMap<RecipientId, string>;
  /** What guards did with it, in the language of the sender. */
  guards: readonly GuardNote[];
  /** Something sensitive was found in it, perhaps in the subject. */
  sensitive: boolean;
  language: Language;
  at: Date;
  /** Of the receipt itself. */
  receiptMessageId: string;
  /** Until when what is held is kept. */
  keptUntil: Date | null;
  /** The mail itself, where it goes back to its sender. */
  original: { content: AsyncIterable<Uint8Array>; isSevenBit: boolean } | null;
  /** It would go back, and the mailbox of who is told forwards outside, where it must not go. */
  isKeptBack: boolean;
  /** What proves that this was recorded (C2SP tlog-proof). */
  proof: string | null;
}

/** Octets; a larger one might keep the receipt from arriving. */
const MOST_THAT_GOES_BACK = 10 * 1024 * 1024;

/** Whether its sender gets the mail back next: nobody decided about somebody in time, and he was not told of that yet. */
export function isGivenBack(
  { recipients, times, told }: Pick<Email, 'recipients' | 'times' | 'told'>,
  size: number,
): boolean {
  // In the order of time: what was reported, or taken back, is noted behind decisions of later.
  const untold = new Set(times.decisions.toSorted().slice(told.decisions));
  return (
    size <= MOST_THAT_GOES_BACK &&
    recipients.some(
      ({ state }) =>
        state.status === 'rejected' &&
        state.because === 'hold-ended' &&
        !state.perhapsSent &&
        untold.has(state.at),
    )
  );
}

/** `Re: `, `AW: ` and the like, as Exchange takes them off (MS-OXCMSG §3.2.4.4.3). */
const PREFIXES = /^(?:[^\s\d:]{1,3}: +)+/;
const PROOF_FILE = 'recorded.tlog-proof';
const MESSAGE_ID = /^<[^<>\s]+>$/;

/**
 * The mail that tells the sender how it went: for people in one line and then for each recipient, and for machines as a
 * delivery status notification (RFC 3464). It holds nothing of the content. It is a reply made by a machine to this very
 * mail, hence `auto-replied` (RFC 3834 §5), and answers nothing that could answer it.
 */
export function receiptMail(facts: ReceiptFacts): Composition {
  const { email, from, sender, messageId, addresses, at, receiptMessageId, language, replies } = facts;
  const { sentBy, blind } = facts;
  const words = WORDS[language];
  const subject = subjectOf(facts);
  const headline = words.headlines[headlineOf(facts)];
  const threaded = MESSAGE_ID.test(messageId);
  const { text, html } = page(language, headline.line, paragraphsOf(facts));
  return {
    from: { address: from, name: 'Secure@Mail' },
    to: [{ address: sender }],
    subject: `${headline.subject}: ${subject}`,
    text,
    html,
    headers: {
      'Auto-Submitted': 'auto-replied',
      ...(threaded ? { 'In-Reply-To': messageId, References: messageId } : {}),
      // Outlook goes by this (MS-OXOMSG §2.2.1.5), and not by References where the subject is another.
      'Thread-Topic': subject.replace(PREFIXES, ''),
    },
    attachments: attachmentsOf(facts),
    date: at,
    messageId: receiptMessageId,
    report: {
      status: deliveryStatus(
        email,
        from,
        new Map([...addresses].filter(([id]) => sentBy === null || !blind.has(id))),
        replies,
      ),
      header: [...(threaded ? [['Message-ID', messageId] satisfies Field] : []), ['Subject', subject]],
    },
  };
}

const attachmentsOf = ({
  original,
  proof,
}: Pick<ReceiptFacts, 'original' | 'proof'>): readonly Attachment[] => [
  ...(original === null ? [] : [{ filename: 'original.eml', contentType: 'message/rfc822', ...original }]),
  // No text to a mail program, which might change it.
  ...(proof === null
    ? []
    : [{ filename: PROOF_FILE, contentType: 'application/octet-stream', content: Buffer.from(proof) }]),
];

function headlineOf({ kind, email, cameFrom }: ReceiptFacts): Headline {
  if (cameFrom !== null) return 'not-delivered';
  switch (kind) {
    case 'interim':
    case 'partial':
      return headlineSoFar(email);
    case 'deadline':
      return 'deadline-missed';
    case 'reminder':
      return headlineStillHeld(email);
    case 'final':
      return headlineHowItWent(email);
    default:
      return kind satisfies never;
  }
}

/** Where something sensitive was found in the mail it may stand in the subject: that is not repeated. */
function subjectOf({ subject, sensitive, language }: ReceiptFacts): string {
  if (sensitive) return WORDS[language].hiddenSubject;
  return subject === '' ? WORDS[language].noSubject : subject;
}

/** Who is told in the sender's place is not told of blind copies more than that there are some. */
const blindCopyOf = (address: string, words: string, sentBy: Address | null): string =>
  sentBy === null ? `${address} (${words})` : words;

const canBeTakenBack = ({ state, deposit }: Recipient): boolean =>
  state.status === 'sent' && deposit !== null;

const linkTo = (url: string | undefined, label: string) => (url === undefined ? null : { url, label });

function paragraphsOf(facts: ReceiptFacts): Paragraphs {
  const {
    email,
    addresses,
    blind,
    guards,
    language,
    keptUntil,
    original,
    isKeptBack,
    proof,
    cameFrom,
    sentBy,
    takeBack,
  } = facts;
  const words = WORDS[language];
  const correctedFor = (id: RecipientId) => {
    const [address, given] = [addresses.get(id), facts.given.get(id)];
    // Who is told in the sender's place sees no blind copy's.
    const isShown = sentBy === null || !blind.has(id);
    return isShown && address !== undefined && given !== undefined
      ? { address: shownAddress(address), given: shownAddress(given) }
      : null;
  };
  return {
    // They may name whom nobody else is to know of.
    notes: sentBy === null ? guards : [],
    rows: email.recipients.map((recipient) => {
      const { recipientId } = recipient;
      const address = shownAddress(addresses.get(recipientId) ?? recipientId);
      return {
        about: blind.has(recipientId) ? blindCopyOf(address, words.blindCopy, sentBy) : address,
        text: sentenceFor(recipient, language, {
          keptUntil,
          fromOutside: cameFrom === null ? null : email.emailId,
          corrected: correctedFor(recipientId),
        }),
        link: canBeTakenBack(recipient) ? linkTo(takeBack.get(recipientId), words.takeBack) : null,
      };
    }),
    end: [
      ...(original === null ? [] : [words.attached]),
      ...(isKeptBack ? [words.notAttached] : []),
      ...(proof === null ? [] : [words.proven]),
      ...(sentBy === null ? [] : [words.sentBy(shownAddress(sentBy))]),
      ...(cameFrom === null ? [] : [words.cameFrom(cameFrom.address && shownAddress(cameFrom.address))]),
      words.handedIn(moment(email.acceptedAt, language), email.emailId),
    ],
  };
}
