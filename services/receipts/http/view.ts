// SPDX-License-Identifier: Apache-2.0
import {
  obstacleText,
  type Address,
  type DomainEvent,
  type Language,
  type RecipientId,
} from '@securemail/contracts';
import type { Principal } from '@securemail/service';
import { addressesOf, disclosedIn, givenInstead } from '../domain/addresses.ts';
import type { Email, Recipient } from '../domain/email.ts';
import { emailOf } from '../domain/fold.ts';
import { guardNotesIn } from '../domain/guard-notes.ts';
import { stageOf } from '../domain/stages.ts';
import { inMailboxOf, isTold, outcomeOf, settledAt, stateOf } from '../domain/standing.ts';
import { headlineHowItWent, sentenceFor, WORDS } from '../domain/wording.ts';

/** What the sender of an accepted email is addressed in. */
export type LanguageOf = (acceptance: DomainEvent<'EmailAccepted'>) => Language;

/** What the API shows of an email. Addresses and subject are null once it was erased. What guards say is in the sender's language. */
export function viewOf(
  events: readonly DomainEvent[],
  languageOf: LanguageOf,
  unreadable: readonly string[] = [],
) {
  const email = emailOf(events);
  if (email === null) return null;
  const acceptance = acceptanceIn(events);
  const settled = settledAt(email);
  const addresses = addressesOf(events);
  const given = givenInstead(events);
  const language = acceptance === null ? 'en' : languageOf(acceptance);
  return {
    emailId: email.emailId,
    state: stateOf(email),
    from: acceptance?.personal?.mailFrom ?? null,
    subject: acceptance?.personal?.subject ?? null,
    messageId: acceptance?.personal?.messageId ?? null,
    channel: acceptance?.data.channel ?? null,
    direction: acceptance?.data.direction ?? null,
    secureBy: acceptance?.data.secureBy ?? null,
    guards: guardNotesIn(events, language),
    received: receivedIn(events),
    size: acceptance?.data.content.size ?? null,
    acceptedAt: email.acceptedAt,
    deadlineAt: email.deadlineAt,
    deadlineMissed: email.deadlineMissed,
    settledAt: settled,
    acceptedToSentMs: acceptedToSentMs(email),
    erasedAt: email.erasedAt,
    waitsFor: waitsFor(email, acceptance),
    recipients: email.recipients.map((recipient) => ({
      ...recipientView(recipient, addresses, language),
      givenAddress: given.get(recipient.recipientId) ?? null,
      ...recipient.state,
    })),
    receipt: email.receipt,
    unreadable,
  };
}
/** For a receipt that nobody can be told by, as the email was erased before, nobody waits. */
function waitsFor(email: Email, acceptance: DomainEvent<'EmailAccepted'> | null) {
  const waiting = stageOf(email);
  return waiting?.stage === 'receipt' && acceptance?.erased === true ? null : waiting;
}
export type EmailView = NonNullable<ReturnType<typeof viewOf>>;

/** What a mail is about is for who wrote and who reads it: a person who looks after it has no need of it. */
export const shownTo =
  ({ person }: Principal) =>
  (view: EmailView): EmailView =>
    person === undefined ? view : { ...view, subject: null };

/**
 * What the sender is told, for machines; null while somebody is not settled, and from a decision until he is told how it
 * ended.
 */
export function receiptOf(events: readonly DomainEvent[], languageOf: LanguageOf) {
  const email = emailOf(events);
  if (email?.receipt == null || !isTold(email)) return null;
  const acceptance = acceptanceIn(events);
  const language = acceptance === null ? 'en' : languageOf(acceptance);
  return {
    emailId: email.emailId,
    ...summaryOf(email, language),
    language,
    guards: guardNotesIn(events, language),
    issuedAt: email.receipt.issuedAt,
    deliveredAt: email.receipt.deliveredAt,
    recipients: receiptLines(email, events, language),
  };
}

/** The one line of a receipt; of one that does not list everybody, whether or not there is somebody else, it says so. */
export function summaryOf(
  email: Pick<Email, 'recipients' | 'direction'>,
  language: Language,
  of: 'everybody' | 'those listed' = 'everybody',
) {
  const headline = email.direction === 'inbound' ? 'not-delivered' : headlineHowItWent(email);
  const { headlines, listedAlone } = WORDS[language];
  const { line } = headlines[headline];
  return { outcome: outcomeOf(email), text: of === 'everybody' ? line : `${line} ${listedAlone}` };
}

/** What a receipt says of each recipient. */
export function receiptLines(
  { emailId, direction, recipients }: Pick<Email, 'emailId' | 'direction' | 'recipients'>,
  events: readonly DomainEvent[],
  language: Language,
) {
  const addresses = addressesOf(events);
  const disclosed = disclosedIn(events);
  const instead = givenInstead(events);
  return recipients.map((recipient) => {
    const { recipientId, corrected } = recipient;
    const address = addresses.get(recipientId) ?? null;
    const given = (corrected === null ? null : instead.get(recipientId)) ?? null;
    return {
      recipientId,
      address,
      givenAddress: given,
      disclosed: addresses.size === 0 ? null : disclosed.has(recipientId),
      method: recipient.method,
      status: recipient.state.status,
      at: 'at' in recipient.state ? recipient.state.at : null,
      reply: 'reply' in recipient.state ? recipient.state.reply : null,
      tls: 'tls' in recipient.state ? recipient.state.tls : null,
      mayBeDuplicate: recipient.mayBeDuplicate,
      ...inMailboxOf(recipient),
      released: recipient.released,
      text: sentenceFor(recipient, language, {
        fromOutside: direction === 'inbound' ? emailId : null,
        corrected: address === null || given === null ? null : { address, given },
      }),
    };
  });
}

/**
 * One event of the history: what happened, when, by whom, and which span it belongs to. Without the secret by which a message
 * is taken back, which reading alone is not to allow.
 */
export function eventView(event: DomainEvent, withoutSubject = false) {
  const { id, name, version, source, sequence, time, traceparent, data, personal, erased } = event;
  const shown = personal && {
    ...personal,
    ...('takeBack' in personal ? { takeBack: undefined } : {}),
    // Of a session it is who signed in.
    ...(withoutSubject && name !== 'ConsoleSignedIn' && 'subject' in personal ? { subject: null } : {}),
  };
  return { id, name, version, source, sequence, time, traceparent, data, personal: shown, erased };
}

const recipientView = (
  recipient: Recipient,
  addresses: ReadonlyMap<RecipientId, Address>,
  language: Language,
) => ({
  recipientId: recipient.recipientId,
  address: addresses.get(recipient.recipientId) ?? null,
  method: recipient.method,
  passedOver: recipient.passedOver.map(({ method, because }) => ({
    method,
    because,
    text: obstacleText(because, language),
  })),
  attempts: recipient.attempts,
  mayBeDuplicate: recipient.mayBeDuplicate,
  ...inMailboxOf(recipient),
  released: recipient.released,
});

/** How a mail from outside was found, for whom it is; empty for one that was sent from here. */
const receivedIn = (events: readonly DomainEvent[]) =>
  events.flatMap((event) =>
    event.name === 'EmailOpened'
      ? {
          recipientIds: event.data.recipientIds,
          verdict: event.data.verdict,
          reservations: event.data.reservations,
          signedBy: event.personal?.signedBy ?? null,
          encrypted: event.data.encryptions.length > 0,
          unopened: event.data.unopened,
          neutralised: event.data.neutralised,
        }
      : [],
  );

export const acceptanceIn = (events: readonly DomainEvent[]) =>
  events.find((event) => event.name === 'EmailAccepted') ?? null;

/** Milliseconds until the last recipient had it; null while one has not. */
function acceptedToSentMs({ acceptedAt, recipients }: Email): number | null {
  const sent = recipients.flatMap(({ state }) => (state.status === 'sent' ? [Date.parse(state.at)] : []));
  return sent.length === 0 || sent.length < recipients.length
    ? null
    : Math.max(...sent) - Date.parse(acceptedAt);
}
