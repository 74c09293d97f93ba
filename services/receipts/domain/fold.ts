// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';
import { SENDER_RECIPIENT } from '@securemail/contracts';
import type { Email, Recipient, Release } from './email.ts';
import { accepted, decided, each, heldAgain, receiptIssued, setBack, type Folding } from './folding.ts';
import { noteHeldAgain, noteLetGo } from './in-vain.ts';
import { inOrder } from './order.ts';
import { isHeard, isSettled } from './standing.ts';
import { isUnproven } from './unproven.ts';

/**
 * Where an email stands after these events. They may come in any order: what one service says precedes what the next
 * one does, and within a service the sequence counts, so no clock is trusted. It takes a time that grows with the events
 * and their recipients, and not with the product of the two.
 *
 * @returns null as long as its acceptance is not among them.
 */
export function emailOf(events: readonly DomainEvent[]): Email | null {
  const folding = inOrder(events).reduce<Folding | null>(evolve, null);
  if (folding === null) return null;
  const { delivered: received, ended, issued, receipt, recipients, setBack: _, ...email } = folding;
  // What delivery says precedes, in our order, what receipts says: only their number tells which receipt has arrived.
  const deliveredAt = received.count >= issued.length ? received.at : null;
  return {
    ...email,
    recipients: [...recipients.values()].map(asHeard),
    receiptsUnderWaySince: issued[ended] ?? null,
    holds: email.times.holds.length,
    heldAt: email.times.holds.toSorted().at(-1) ?? null,
    decisions: email.times.decisions.length,
    setbacks: email.times.setbacks.length,
    receipt: receipt && { ...receipt, deliveredAt: receipt.mailed ? deliveredAt : null },
  };
}

/** Of whom it is heard that he is settled, and not yet how it went, no way is told: the one before may be another. */
const asHeard = (recipient: Recipient): Recipient =>
  isSettled(recipient) && !isHeard(recipient) ? { ...recipient, method: null, passedOver: [] } : recipient;

function evolve(before: Folding | null, event: DomainEvent): Folding | null {
  if (event.name === 'EmailAccepted') return accepted(event);
  if (before === null) return null;
  const email = endsReceipt(event) ? { ...before, ended: before.ended + 1 } : before;
  switch (event.name) {
    case 'EmailRefused':
    case 'ReleaseRefused':
    case 'ProtectionFailed':
    case 'MailboxCodeIssued':
    case 'MailboxAddressProven':
    case 'MailboxCredentialAdded':
    case 'MailboxCredentialRemoved':
    case 'MailboxNoticeIssued':
    case 'MailboxReplySubmitted':
    case 'MailboxLetterSubmitted':
    // What somebody looked at, or had tried again, changes nothing by itself.
    case 'ConsoleSignedIn':
    case 'ConsoleSignedOut':
    case 'ConsoleSearched':
    case 'AuditExported':
    case 'EmailInspected':
    case 'DeadLetterReplayed':
    case 'ConsoleListShown':
    case 'ErasureRequested':
    case 'LegalHoldPlaced':
    case 'LegalHoldLifted':
      return email;
    case 'ContentErased':
      return { ...email, erasedAt: event.time };
    case 'ProtectionPlanned': {
      const plans = new Map(event.data.recipients.map((plan) => [plan.recipientId, plan]));
      return each(email, [...plans.keys()], (recipient) => {
        const { method = null, passedOver = [] } = plans.get(recipient.recipientId) ?? {};
        return {
          ...recipient,
          method,
          isPlanned: method !== null,
          awaitsDeposit: method === 'mailbox',
          passedOver,
        };
      });
    }
    case 'EmailProtected':
    case 'EmailOpened':
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'protected' },
      }));
    case 'EmailHeld': {
      const { because, endsAt } = event.data;
      const until = { ...email, holdEndsAt: endsAt };
      // Delivery said so, and more of it.
      if (because === 'outcome-unknown') return until;
      noteHeldAgain(until, event.data);
      return each(heldAgain(until, event.time), event.data.recipientIds, (recipient) => ({
        ...recipient,
        // Nothing goes as it was planned before: what follows a release is planned anew.
        isPlanned: email.direction === 'inbound',
        state: { status: 'held', at: event.time, because },
      }));
    }
    case 'MailboxMessageDeposited': {
      const { recipientIds, endsAt } = event.data;
      return each(email, recipientIds, (recipient) => ({
        ...recipient,
        deposit: { at: event.time, endsAt },
        awaitsDeposit: false,
      }));
    }
    case 'MailboxMessageOpened': {
      const { recipientIds, openedAt } = event.data;
      return each(email, recipientIds, (recipient) => ({
        ...recipient,
        openedAt: earlier(recipient.openedAt, openedAt),
      }));
    }
    case 'MailboxMessageDeclined':
      return each(decided(email, event.time), event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'declined', at: event.time },
      }));
    case 'MailboxMessageWithdrawn':
      return each(decided(email, event.time), event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'bounced', at: event.time, reply: null, failure: 'withdrawn' },
      }));
    case 'DeliveryAttemptStarted':
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        attempts: recipient.attempts + 1,
        state: { status: 'attempting', since: event.time },
      }));
    case 'Delivered':
      return delivered(email, event);
    case 'Deferred': {
      const { reply, failure, nextAttemptAt } = event.data;
      // Whoever wrote from outside waits for no word, and the postmaster is not told of what is on its way.
      const after =
        isUnproven(failure) && email.direction !== 'inbound'
          ? setBack(email, 'unproven', event.data.recipientIds, event.time)
          : email;
      return each(after, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'deferred', reply, failure, nextAttemptAt },
      }));
    }
    case 'Bounced': {
      const { recipientIds, reply, failure } = event.data;
      return each(setBack(email, 'ended', recipientIds, event.time), recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'bounced', at: event.time, reply, failure },
      }));
    }
    case 'OutcomeUnknown': {
      const { next, nextAttemptAt } = event.data;
      const after = next === 'hold' ? heldAgain(email, event.time) : email;
      return each(after, event.data.recipientIds, (recipient) => ({
        ...recipient,
        mayBeDuplicate: recipient.mayBeDuplicate || next === 'send-again',
        state: { status: 'outcome-unknown', at: event.time, next, nextAttemptAt },
      }));
    }
    case 'DeliveryExpired': {
      const { recipientIds } = event.data;
      return each(setBack(email, 'ended', recipientIds, event.time), recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'expired', at: event.time, failure: lastFailure(recipient) },
      }));
    }
    case 'EmailReleased': {
      noteLetGo(email, event);
      const { by = null, reason = null, changes = [] } = event.personal ?? {};
      const release: Release = { at: event.time, by, reason };
      const corrected = new Set(changes.map(({ recipientId }) => recipientId));
      return each(decided(email, event.time), event.data.recipientIds, (recipient) => ({
        ...recipient,
        released: release,
        corrected: corrected.has(recipient.recipientId) ? release : recipient.corrected,
        // What was made goes again; else another plan follows, and may take another way.
        isPlanned: recipient.isPlanned && (email.direction === 'inbound' || isAgain(recipient)),
        mayBeDuplicate: recipient.mayBeDuplicate || isAgain(recipient),
        state: { status: 'released', since: event.time },
      }));
    }
    case 'EmailRejected': {
      const { because } = event.data;
      const { by = null, reason = null } = event.personal ?? {};
      return each(decided(email, event.time), event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: {
          status: 'rejected',
          at: event.time,
          because,
          perhapsSent: recipient.state.status === 'outcome-unknown',
          by,
          reason,
        },
      }));
    }
    case 'DeliveryReported':
      return reported(email, event);
    case 'ReceiptIssued':
      return receiptIssued(email, event);
    case 'DeadlineMissed':
      return { ...email, deadlineMissed: true };
    default:
      return event satisfies never;
  }
}

/** Whether it says that a receipt to the sender is not tried any more. */
function endsReceipt({ name, data }: DomainEvent): boolean {
  if (
    name === 'OutcomeUnknown'
      ? data.next !== 'hold'
      : !['Delivered', 'Bounced', 'DeliveryExpired'].includes(name)
  )
    return false;
  return 'recipientIds' in data && data.recipientIds.includes(SENDER_RECIPIENT);
}

const lastFailure = ({ state }: Recipient): string | null =>
  state.status === 'deferred' ? state.failure : null;

/** Of two times, the earlier one. */
const earlier = (a: string | null, b: string): string => (a !== null && a < b ? a : b);

const isAgain = ({ state }: Recipient): boolean => state.status === 'outcome-unknown';

function delivered(email: Folding, event: DomainEvent<'Delivered'>): Folding {
  const { recipientIds, reply, tls } = event.data;
  if (recipientIds.includes(SENDER_RECIPIENT))
    return { ...email, delivered: { count: email.delivered.count + 1, at: event.time } };
  return each(email, recipientIds, (recipient) => ({
    ...recipient,
    state: { status: 'sent', at: event.time, reply, tls },
  }));
}

/** Clocks of two services may differ by so much. */
const SKEW_MS = 60_000;

/**
 * Who was sent to, or perhaps, and is reported not to have got it, is told of anew; every other report changes nothing,
 * and none of an earlier copy takes back what was confirmed since, or was read. Who reads it after such a report is told of once more.
 */
function reported(email: Folding, { data, time }: DomainEvent<'DeliveryReported'>): Folding {
  const isAbout = (id: RecipientId): boolean => {
    const { state } = email.recipients.get(id) ?? {};
    const isOut = state?.status === 'sent' || (state?.status === 'outcome-unknown' && state.next === 'hold');
    return isOut && Date.parse(state.at) <= Date.parse(time) + SKEW_MS;
  };
  const openedOf = (id: RecipientId) => email.recipients.get(id)?.openedAt ?? null;
  const about = data.action === 'failed' ? data.recipientIds.filter(isAbout) : [];
  // It lies in SecureMailBox, and whoever has read it there got it, whatever became of the mail that tells of it.
  const failed = about.filter((id) => openedOf(id) === null);
  // Of who opened it since, the sender was perhaps told that he did not get it.
  const openedSince = about
    .map(openedOf)
    .filter((at) => at !== null)
    .filter((at) => Date.parse(at) + SKEW_MS > Date.parse(time));
  const isTold = failed.length > 0 || openedSince.length > 0;
  const after = [...(isTold ? [time] : []), ...openedSince].reduce(decided, email);
  return each(after, failed, (recipient) => ({
    ...recipient,
    state: { status: 'bounced', at: time, reply: data.reply, failure: 'reported-later' },
  }));
}
