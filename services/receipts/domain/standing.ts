// SPDX-License-Identifier: Apache-2.0
import type { Email, EmailState, Recipient } from './email.ts';

/** Whether nothing more happens to this recipient by itself. */
export function isSettled({ state }: Pick<Recipient, 'state'>): boolean {
  switch (state.status) {
    case 'sent':
    case 'bounced':
    case 'declined':
    case 'expired':
    case 'held':
    case 'rejected':
      return true;
    case 'outcome-unknown':
      return state.next === 'hold';
    case 'accepted':
    case 'protected':
    case 'attempting':
    case 'deferred':
    case 'released':
      return false;
    default:
      return state satisfies never;
  }
}

/** Whether it is also heard how it went to him: what delivery says may be heard before what crypto planned. */
export const isHeard = (recipient: Recipient): boolean =>
  isSettled(recipient) &&
  ((recipient.isPlanned && !recipient.awaitsDeposit) ||
    ['held', 'rejected'].includes(recipient.state.status));

/** When the last recipient was settled; null while one is not, or not all of it is heard. */
export function settledAt(email: Email): string | null {
  if (!email.recipients.every(isHeard)) return null;
  const times = email.recipients.map(({ state }) => ('at' in state ? state.at : email.acceptedAt));
  return times.toSorted().at(-1) ?? null;
}

/** Whether somebody opened it for whom it was not: whatever became of it then, it had left. */
export const isRead = ({ state, openedAt }: Pick<Recipient, 'state' | 'openedAt'>): boolean =>
  state.status === 'declined' && openedAt !== null;

/** The one word for an email. */
export function stateOf({ recipients }: Pick<Email, 'recipients'>): EmailState {
  if (recipients.every(({ state }) => state.status === 'accepted')) return 'accepted';
  if (!recipients.every(isHeard)) return 'in-progress';
  const sent = recipients.filter(
    (recipient) => recipient.state.status === 'sent' || isRead(recipient),
  ).length;
  if (sent === recipients.length) return 'sent';
  if (sent > 0) return 'partly-sent';
  const waiting = recipients.some(
    ({ state }) => state.status === 'held' || state.status === 'outcome-unknown',
  );
  return waiting ? 'held' : 'not-sent';
}

/** The same as it is counted: of what was sent to some, whether the others wait for a person or were returned. */
export function countedAs(email: Pick<Email, 'recipients'>): EmailState | 'partly-held' {
  const state = stateOf(email);
  return state === 'partly-sent' && isHeld(email) ? 'partly-held' : state;
}

/** The one word of a receipt. */
export function outcomeOf(email: Pick<Email, 'recipients'>): 'sent' | 'partly-sent' | 'not-sent' {
  const state = stateOf(email);
  return state === 'sent' || state === 'partly-sent' ? state : 'not-sent';
}

/** Whether nothing more happens to this recipient by itself, and nobody confirmed that it was sent. */
export const isUnsent = (recipient: Recipient): boolean =>
  isSettled(recipient) && recipient.state.status !== 'sent';

/** Whether a person has to decide about somebody. */
export const isWaiting = ({ state }: Recipient): boolean =>
  state.status === 'held' || (state.status === 'outcome-unknown' && state.next === 'hold');

/** Whether nobody knows if it arrived with somebody: nothing says that it was sent, and something may have been. */
export function isPerhapsSent({ state, mayBeDuplicate }: Recipient): boolean {
  if (state.status === 'rejected') return state.perhapsSent;
  const gaveUp = state.status === 'bounced' || state.status === 'expired';
  return state.status === 'outcome-unknown' || (gaveUp && mayBeDuplicate);
}

/** Whether somebody of it is held. */
export const isHeld = ({ recipients }: Pick<Email, 'recipients'>): boolean => recipients.some(isWaiting);

/**
 * Until when what is held of it is kept; null where nobody is held.
 *
 * @param endAfterDays what the settings say now, for what does not tell when it ends.
 */
export function keptUntil(email: Email, endAfterDays: number): Date | null {
  if (email.heldAt === null || !isHeld(email)) return null;
  return email.holdEndsAt === null
    ? new Date(Date.parse(email.heldAt) + endAfterDays * 24 * 3_600_000)
    : new Date(email.holdEndsAt);
}

/** Whether the sender was told how it went, since the last decision. */
export const isTold = ({ decisions, toldDecisions }: Pick<Email, 'decisions' | 'toldDecisions'>): boolean =>
  toldDecisions !== null && toldDecisions >= decisions;

/** Whether there is nothing to tell: who wrote from outside gets no receipt of ours for what arrived. */
export const isQuiet = (email: Pick<Email, 'recipients' | 'direction'>): boolean =>
  email.direction === 'inbound' && stateOf(email) === 'sent';

/** When it came to lie in SecureMailBox for a recipient, was opened there first, and can't be read any more; null where it is not so. */
export const inMailboxOf = ({ deposit, openedAt }: Pick<Recipient, 'deposit' | 'openedAt'>) => ({
  depositedAt: deposit?.at ?? null,
  openedAt,
  endsAt: deposit?.endsAt ?? null,
});
