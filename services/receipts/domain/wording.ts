// SPDX-License-Identifier: Apache-2.0
import { heldText, type EmailId, type Language } from '@securemail/contracts';
import type { Email, Recipient, RecipientState } from './email.ts';
import { isPerhapsSent, isRead, isUnsent, isWaiting, outcomeOf } from './standing.ts';
import { DANISH } from './words/danish.ts';
import { ENGLISH } from './words/english.ts';
import { GERMAN } from './words/german.ts';
import { isOurs } from './unproven.ts';
import type { Failure, Headline, Words } from './words/words.ts';

export const WORDS: Record<Language, Words> = { en: ENGLISH, da: DANISH, de: GERMAN };

const momentsIn = (language: Language) =>
  new Intl.DateTimeFormat(WORDS[language].locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
// To make one takes longer than all else in a receipt.
const MOMENTS: Record<Language, Intl.DateTimeFormat> = {
  en: momentsIn('en'),
  da: momentsIn('da'),
  de: momentsIn('de'),
};

/** A moment as people read it. Nobody knows the reader's zone, so that is said. */
export const moment = (at: string | Date, language: Language): string =>
  `${MOMENTS[language].format(new Date(at))} UTC`;

/** How it went, once everybody is settled. */
export function headlineHowItWent(email: Pick<Email, 'recipients'>): Headline {
  const outcome = outcomeOf(email);
  const unsent = email.recipients.filter(isUnsent);
  const closed = headlineOfClosed(unsent);
  if (closed !== null) return closed;
  if (outcome === 'sent' || !email.recipients.some(isPerhapsSent)) return outcome;
  return outcome === 'partly-sent' ? 'partly-perhaps-sent' : 'perhaps-sent';
}

/** Of those whom it did not reach, where that was in SecureMailBox; null: that tells not all. */
function headlineOfClosed(unsent: readonly Recipient[]): Headline | null {
  // It answers who has just taken it back, whatever became of the others before.
  if (isTakenBackLast(unsent)) return 'withdrawn';
  if (unsent.some(isRead)) return 'read-by-another';
  if (unsent.length === 0) return null;
  if (unsent.every(({ state }) => state.status === 'declined')) return 'declined';
  return unsent.every(isWithdrawn) ? 'withdrawn' : null;
}

/** How it stands while somebody is under way. */
export function headlineSoFar({ recipients }: Pick<Email, 'recipients'>): Headline {
  const waiting = recipients.filter(isWaiting);
  if (waiting.length > 0) return waiting.every(isPerhapsSent) ? 'partly-unknown' : 'partly-held';
  const ended = recipients.filter(isUnsent);
  if (ended.length === 0) return 'under-way';
  if (ended.some(isRead)) return 'read-by-another';
  return ended.every(isPerhapsSent) ? 'partly-unknown' : 'partly-not-sent';
}

/** That somebody has to decide still. */
export const headlineStillHeld = ({ recipients }: Pick<Email, 'recipients'>): Headline =>
  recipients.filter(isWaiting).every(isPerhapsSent) ? 'still-perhaps-sent' : 'still-held';

export interface Telling {
  /** Until when what is held is kept. */
  keptUntil?: Date | null;
  /** A mail from outside: the postmaster is told, who can do something else about it than its sender. */
  fromOutside?: EmailId | null;
  /** Where a release corrected the address. */
  corrected?: Corrected | null;
}

/** The address of now, and the one that the sender gave. */
export interface Corrected {
  address: string;
  given: string;
}

/** What happened to one recipient, in sentences that whoever is told understands, and what can be done. */
export function sentenceFor(recipient: Recipient, language: Language, telling: Telling = {}): string {
  const { openedAt } = recipient;
  return [
    stateFor(recipient, language, telling),
    // Who it was, and when, is said before.
    ...(openedAt === null || isRead(recipient) ? [] : [WORDS[language].opened(moment(openedAt, language))]),
    ...releasesOf(recipient, language, telling.corrected ?? null),
  ].join(' ');
}

/** Who let go what was held, and why: who corrected the address first, then the last one. */
function releasesOf(
  { released, corrected, state }: Recipient,
  language: Language,
  addresses: Corrected | null,
): string[] {
  const words = WORDS[language];
  const releases = new Set([corrected, released].filter((release) => release !== null));
  if (releases.size === 0) return [];
  return [
    ...[...releases].map(({ by, reason }) => words.released(by, reason)),
    ...(addresses === null
      ? []
      : [words.corrected(addresses.address, addresses.given, state.status === 'sent')]),
    ...(state.status === 'held' ? [words.heldAgain] : []),
  ];
}

/** Whether all of them were closed in SecureMailBox, the last by being taken back. */
function isTakenBackLast(unsent: readonly Recipient[]): boolean {
  const closed = unsent.flatMap((recipient) =>
    recipient.state.status === 'declined' || isWithdrawn(recipient)
      ? [{ isWithdrawn: isWithdrawn(recipient), at: 'at' in recipient.state ? recipient.state.at : '' }]
      : [],
  );
  const last = closed.toSorted((one, other) => one.at.localeCompare(other.at)).at(-1);
  return closed.length === unsent.length && last?.isWithdrawn === true;
}

const isWithdrawn = ({ state }: Pick<Recipient, 'state'>): boolean =>
  state.status === 'bounced' && state.failure === 'withdrawn';

function stateFor(
  { method, passedOver, state, mayBeDuplicate, deposit, openedAt }: Recipient,
  language: Language,
  { keptUntil = null, fromOutside = null }: Telling,
): string {
  const words = WORDS[language];
  const { advice } = words;
  // What was mailed was the notification.
  const isInMailbox = method === 'mailbox' && deposit !== null;
  const until = keptUntil === null ? null : moment(keptUntil, language);
  const advised = (toSender: string, toPostmaster: (emailId: string) => string) => {
    if (mayBeDuplicate) return advice.arrivedBefore;
    return fromOutside === null ? toSender : toPostmaster(fromOutside);
  };
  const toMend = method === 'internal' ? advice.tellAdministrator : advice.askAdministrator;
  switch (state.status) {
    case 'sent':
      if (isInMailbox)
        return words.inMailbox({
          deposited: moment(deposit.at, language),
          notified: moment(state.at, language),
          until: moment(deposit.endsAt, language),
          twice: mayBeDuplicate,
        });
      return words.sent(
        moment(state.at, language),
        method === null ? null : words.methods[method],
        mayBeDuplicate,
      );
    case 'bounced':
      if (state.failure === 'withdrawn')
        return words.withdrawn(moment(state.at, language), openedAt !== null);
      return words.bounced(
        isInMailbox ? words.notNotified(refusal(state, words)) : refusal(state, words),
        advised(advice.checkAddress, advice.lookIntoServer),
      );
    case 'declined':
      return words.declined(
        moment(state.at, language),
        openedAt === null ? null : moment(openedAt, language),
        advice.checkAddress,
      );
    case 'expired':
      if (isInMailbox && state.at >= deposit.endsAt)
        return words.overBefore(moment(deposit.endsAt, language));
      return isOurs(state.failure)
        ? words.expired(words.ours[state.failure], advised(toMend, advice.haveItSentAgain))
        : words.expired(null, advised(advice.sendLater, advice.haveItSentAgain));
    case 'held':
      return words.held(heldText(state.because, passedOver, language), until);
    case 'rejected':
      if (state.because === 'rejected-by-person')
        return words.rejected(state.by, state.reason, state.perhapsSent);
      return state.perhapsSent
        ? words.unknownEnded
        : words.holdEnded(fromOutside === null ? advice.sendOnceSecure : advice.haveItSentAgain(fromOutside));
    case 'outcome-unknown':
      return state.next === 'send-again'
        ? words.unknown(false, true, null)
        : words.unknown(mayBeDuplicate, false, until);
    case 'deferred':
      return isOurs(state.failure)
        ? words.withheld(
            words.ours[state.failure],
            fromOutside === null ? toMend : advice.goesByItself(fromOutside),
          )
        : words.deferred(replyText(state.reply));
    case 'accepted':
    case 'protected':
    case 'attempting':
    case 'released':
      return words.underWay;
    default:
      return state satisfies never;
  }
}

function refusal(
  { reply, failure }: Pick<Extract<RecipientState, { status: 'bounced' }>, 'reply' | 'failure'>,
  { failures, refused }: Words,
): string {
  return failure !== null && isKnown(failure, failures) ? failures[failure] : refused(replyText(reply));
}

const isKnown = (failure: string, failures: Words['failures']): failure is Failure =>
  Object.hasOwn(failures, failure);

const replyText = (reply: { code: number; enhancedCode: string | null } | null) =>
  reply === null ? '' : [reply.code, reply.enhancedCode].filter((part) => part !== null).join(' ');
