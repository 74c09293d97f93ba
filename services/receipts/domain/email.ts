// SPDX-License-Identifier: Apache-2.0
import type {
  DataOf,
  DomainEvent,
  EmailId,
  Obstacle,
  ProtectionMethod,
  RecipientId,
  SmtpReply,
  TlsFacts,
} from '@securemail/contracts';
import { SENDER_RECIPIENT } from '@securemail/contracts';

/** Where one recipient stands; `isSettled` tells where nothing more happens by itself. */
export type RecipientState =
  | { status: 'accepted' }
  | { status: 'protected' }
  | { status: 'attempting'; since: string }
  | { status: 'deferred'; reply: SmtpReply | null; failure: string | null; nextAttemptAt: string }
  | { status: 'outcome-unknown'; at: string; next: 'send-again' | 'hold'; nextAttemptAt: string | null }
  | { status: 'sent'; at: string; reply: SmtpReply; tls: TlsFacts | null }
  | { status: 'bounced'; at: string; reply: SmtpReply | null; failure: string | null }
  | { status: 'expired'; at: string }
  | { status: 'held'; at: string; because: Obstacle }
  /** A person let it be tried again. */
  | { status: 'released'; since: string }
  | {
      status: 'rejected';
      at: string;
      because: 'rejected-by-person' | 'hold-ended';
      /** Nobody knows whether what was sent before arrived. */
      perhapsSent: boolean;
      /** Who decided, and why; null where nobody did, or it is not to be known any more. */
      by: string | null;
      reason: string | null;
    };

export interface Recipient {
  recipientId: RecipientId;
  method: ProtectionMethod | null;
  passedOver: readonly { method: ProtectionMethod; because: Obstacle }[];
  attempts: number;
  state: RecipientState;
  /** Some attempt may have succeeded without our knowing: the mail may have arrived more than once. */
  mayBeDuplicate: boolean;
}

export type EmailState = 'accepted' | 'in-progress' | 'sent' | 'partly-sent' | 'held' | 'not-sent';
export const EMAIL_STATES = [
  'accepted',
  'in-progress',
  'sent',
  'partly-sent',
  'held',
  'not-sent',
] as const satisfies EmailState[];

export interface Email {
  emailId: EmailId;
  direction: DataOf<'EmailAccepted'>['direction'];
  acceptedAt: string;
  deadlineAt: string;
  recipients: readonly Recipient[];
  /** The last one that tells of everybody being settled. */
  receipt: {
    issuedAt: string;
    outcome: 'sent' | 'partly-sent' | 'not-sent';
    /** Whether it was a mail of its own. */
    mailed: boolean;
    deliveredAt: string | null;
  } | null;
  deadlineMissed: boolean;
  /** The sender was told that it takes long, or that the deadline was missed. */
  delayTold: boolean;
  /** Decisions about held recipients so far, and reports that a mail did not arrive: each is followed by a receipt. */
  decisions: number;
  /** How many of them the sender was told of; null: he was told nothing yet. */
  toldDecisions: number | null;
  /** Reminders of what is held since then. */
  reminders: number;
}

const SOURCES = ['intake', 'crypto', 'delivery', 'receipts'];
/** What intake is told by the other side comes after what delivery did there. */
const placeOf = ({ name, source }: DomainEvent): number =>
  SOURCES.indexOf(source) + (name === 'DeliveryReported' ? SOURCES.indexOf('delivery') + 0.5 : 0);
const byService = (a: DomainEvent, b: DomainEvent) => placeOf(a) - placeOf(b) || a.sequence - b.sequence;

/** Oldest first, for a reader; what happened at one time as the services come after each other. */
export const byTime = (a: DomainEvent, b: DomainEvent) => a.time.localeCompare(b.time) || byService(a, b);

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
  const { delivered: received, issued, receipt, recipients, ...email } = folding;
  // What delivery says precedes, in our order, what receipts says: only their number tells which receipt has arrived.
  const deliveredAt = received.count >= issued ? received.at : null;
  return {
    ...email,
    recipients: [...recipients.values()],
    receipt: receipt && { ...receipt, deliveredAt: receipt.mailed ? deliveredAt : null },
  };
}

/**
 * What delivery says of a message comes directly after that was made: what crypto says later of the same recipient, such as
 * that a person let it be sent again, follows from it.
 */
function inOrder(events: readonly DomainEvent[]): DomainEvent[] {
  const made = new Map(
    events.flatMap((event) =>
      event.name === 'EmailProtected' || event.name === 'EmailOpened'
        ? [[event.data.protectedMessageId, event.sequence] as const]
        : [],
    ),
  );
  const afterCrypto = (event: DomainEvent): number => {
    if (event.source === 'crypto') return event.sequence;
    if (event.source !== 'delivery' || !('protectedMessageId' in event.data)) return 0;
    return made.get(event.data.protectedMessageId) ?? Number.MAX_SAFE_INTEGER;
  };
  const [crypto, delivery] = [SOURCES.indexOf('crypto'), SOURCES.indexOf('delivery')];
  const placed = events.map((event) => {
    const place = placeOf(event);
    return { event, place: place === delivery ? crypto : place, after: afterCrypto(event) };
  });
  return placed
    .sort((a, b) => a.place - b.place || a.after - b.after || byService(a.event, b.event))
    .map(({ event }) => event);
}

/** An email while it is folded: its recipients by their ids, in one map that nobody else holds. */
type Folding = Omit<Email, 'recipients'> & {
  recipients: Map<RecipientId, Recipient>;
  /** Receipts that reached the sender's mail server, and when the last one did. */
  delivered: { count: number; at: string | null };
  issued: number;
};

function evolve(email: Folding | null, event: DomainEvent): Folding | null {
  if (event.name === 'EmailAccepted') return accepted(event);
  if (email === null) return null;
  switch (event.name) {
    case 'EmailRefused':
    case 'ProtectionFailed':
      return email;
    case 'ProtectionPlanned': {
      const plans = new Map(event.data.recipients.map((plan) => [plan.recipientId, plan]));
      return each(email, [...plans.keys()], (recipient) => {
        const { method = null, passedOver = [] } = plans.get(recipient.recipientId) ?? {};
        return { ...recipient, method, passedOver };
      });
    }
    case 'EmailProtected':
    case 'EmailOpened':
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'protected' },
      }));
    case 'EmailHeld': {
      const { because } = event.data;
      // Delivery said so, and more of it.
      if (because === 'outcome-unknown') return email;
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'held', at: event.time, because },
      }));
    }
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
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'deferred', reply, failure, nextAttemptAt },
      }));
    }
    case 'Bounced': {
      const { reply, failure } = event.data;
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'bounced', at: event.time, reply, failure },
      }));
    }
    case 'OutcomeUnknown': {
      const { next, nextAttemptAt } = event.data;
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        mayBeDuplicate: recipient.mayBeDuplicate || next === 'send-again',
        state: { status: 'outcome-unknown', at: event.time, next, nextAttemptAt },
      }));
    }
    case 'DeliveryExpired':
      return each(email, event.data.recipientIds, (recipient) => ({
        ...recipient,
        state: { status: 'expired', at: event.time },
      }));
    case 'EmailReleased':
      return each({ ...email, decisions: email.decisions + 1 }, event.data.recipientIds, (recipient) => ({
        ...recipient,
        mayBeDuplicate: recipient.mayBeDuplicate || recipient.state.status === 'outcome-unknown',
        state: { status: 'released', since: event.time },
      }));
    case 'EmailRejected': {
      const { because } = event.data;
      const { by = null, reason = null } = event.personal ?? {};
      return each({ ...email, decisions: email.decisions + 1 }, event.data.recipientIds, (recipient) => ({
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

function receiptIssued(email: Folding, { data }: DomainEvent<'ReceiptIssued'>): Folding {
  const { kind, content, issuedAt, outcome, decisions, reminder } = data;
  const issued = email.issued + (content === null ? 0 : 1);
  switch (kind) {
    case 'interim':
    case 'deadline':
      return { ...email, issued, delayTold: true };
    case 'digest':
      return { ...email, issued };
    case 'final':
    case 'reminder':
      return {
        ...email,
        issued,
        receipt: {
          issuedAt,
          outcome: outcome === 'in-progress' ? 'not-sent' : outcome,
          mailed: content !== null,
          deliveredAt: null,
        },
        toldDecisions: decisions,
        reminders: reminder,
      };
    default:
      return kind satisfies never;
  }
}

function accepted({ emailId, data }: DomainEvent<'EmailAccepted'>): Folding {
  return {
    emailId,
    direction: data.direction,
    acceptedAt: data.acceptedAt,
    deadlineAt: data.deadlineAt,
    recipients: new Map(
      data.recipientIds.map((recipientId) => [
        recipientId,
        {
          recipientId,
          method: null,
          passedOver: [],
          attempts: 0,
          state: { status: 'accepted' },
          mayBeDuplicate: false,
        },
      ]),
    ),
    receipt: null,
    deadlineMissed: false,
    delayTold: false,
    decisions: 0,
    toldDecisions: null,
    reminders: 0,
    delivered: { count: 0, at: null },
    issued: 0,
  };
}

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
 * and none of an earlier copy takes back what was confirmed since.
 */
function reported(email: Folding, { data, time }: DomainEvent<'DeliveryReported'>): Folding {
  const isAbout = (id: RecipientId): boolean => {
    const state = email.recipients.get(id)?.state;
    const isOut = state?.status === 'sent' || (state?.status === 'outcome-unknown' && state.next === 'hold');
    return isOut && Date.parse(state.at) <= Date.parse(time) + SKEW_MS;
  };
  const failed = data.recipientIds.filter(isAbout);
  if (data.action !== 'failed' || failed.length === 0) return email;
  return each({ ...email, decisions: email.decisions + 1 }, failed, (recipient) => ({
    ...recipient,
    state: { status: 'bounced', at: time, reply: data.reply, failure: 'reported-later' },
  }));
}

function each(
  email: Folding,
  ids: readonly RecipientId[],
  change: (recipient: Recipient) => Recipient,
): Folding {
  for (const id of new Set(ids)) {
    const recipient = email.recipients.get(id);
    if (recipient !== undefined) email.recipients.set(id, change(recipient));
  }
  return email;
}

/** Whether nothing more happens to this recipient by itself. */
export function isSettled({ state }: Recipient): boolean {
  switch (state.status) {
    case 'sent':
    case 'bounced':
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

/** When the last recipient was settled; null while one is not. */
export function settledAt(email: Email): string | null {
  if (!email.recipients.every(isSettled)) return null;
  const times = email.recipients.map(({ state }) => ('at' in state ? state.at : email.acceptedAt));
  return times.toSorted().at(-1) ?? null;
}

/** The one word for an email. */
export function stateOf({ recipients }: Pick<Email, 'recipients'>): EmailState {
  if (recipients.every(({ state }) => state.status === 'accepted')) return 'accepted';
  if (!recipients.every(isSettled)) return 'in-progress';
  const sent = recipients.filter(({ state }) => state.status === 'sent').length;
  if (sent === recipients.length) return 'sent';
  if (sent > 0) return 'partly-sent';
  const waiting = recipients.some(
    ({ state }) => state.status === 'held' || state.status === 'outcome-unknown',
  );
  return waiting ? 'held' : 'not-sent';
}

/** The one word of a receipt. */
export function outcomeOf(email: Pick<Email, 'recipients'>): 'sent' | 'partly-sent' | 'not-sent' {
  const state = stateOf(email);
  return state === 'sent' || state === 'partly-sent' ? state : 'not-sent';
}

/** Whether a person has to decide about somebody. */
export const isWaiting = ({ state }: Recipient): boolean =>
  state.status === 'held' || (state.status === 'outcome-unknown' && state.next === 'hold');

/** Whether nobody knows if it arrived with somebody: nothing says that it was sent, and something may have been. */
export function isPerhapsSent({ state, mayBeDuplicate }: Recipient): boolean {
  if (state.status === 'rejected') return state.perhapsSent;
  const gaveUp = state.status === 'bounced' || state.status === 'expired';
  return state.status === 'outcome-unknown' || (gaveUp && mayBeDuplicate);
}

/** Since when somebody of it is held; null where nobody is. */
export function heldSince({ recipients }: Pick<Email, 'recipients'>): string | null {
  const times = recipients.flatMap((recipient) =>
    isWaiting(recipient) && 'at' in recipient.state ? [recipient.state.at] : [],
  );
  return times.toSorted().at(-1) ?? null;
}

/** Whether the sender was told how it went, since the last decision. */
export const isTold = ({ decisions, toldDecisions }: Pick<Email, 'decisions' | 'toldDecisions'>): boolean =>
  toldDecisions !== null && toldDecisions >= decisions;

/** Whether there is nothing to tell: who wrote from outside gets no receipt of ours for what arrived. */
export const isQuiet = (email: Email): boolean => email.direction === 'inbound' && stateOf(email) === 'sent';

/** When the sender is to be reminded of what is still held; null where he is not. */
export function remindAt(email: Email, remindAfterHours: readonly number[]): Date | null {
  const since = heldSince(email);
  const hours = remindAfterHours[email.reminders];
  if (since === null || hours === undefined || !isTold(email) || settledAt(email) === null) return null;
  return new Date(Date.parse(since) + hours * 3_600_000);
}
