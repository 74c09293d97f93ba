// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';
import type { Email, Recipient, Tries } from './email.ts';
import { noTries } from './in-vain.ts';
import { isSettled } from './standing.ts';

/** An email while it is folded: its recipients by their ids, and lists of times, that nobody else holds. */
export type Folding = Omit<
  Email,
  'recipients' | 'times' | 'holds' | 'heldAt' | 'decisions' | 'setbacks' | 'inVain' | 'receiptsUnderWaySince'
> & {
  recipients: Map<RecipientId, Recipient>;
  times: { holds: string[]; decisions: string[]; setbacks: string[] };
  tries: Tries;
  /** Of whom which setback is counted. */
  setBack: Set<string>;
  /** Receipts that reached the sender's mail server, and when the last one did. */
  delivered: { count: number; at: string | null };
  /** How many are not tried any more, however that ended. */
  ended: number;
  /** When each receipt that is a mail of its own was issued. */
  issued: readonly string[];
};

export function accepted({ emailId, data }: DomainEvent<'EmailAccepted'>): Folding {
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
          isPlanned: data.direction === 'inbound',
          passedOver: [],
          attempts: 0,
          state: { status: 'accepted' },
          settledFirst: null,
          released: null,
          corrected: null,
          mayBeDuplicate: false,
          deposit: null,
          awaitsDeposit: false,
          openedAt: null,
        },
      ]),
    ),
    receipt: null,
    deadlineMissed: false,
    delayToldAt: null,
    holdEndsAt: null,
    times: { holds: [], decisions: [], setbacks: [] },
    tries: noTries(),
    setBack: new Set(),
    told: { holds: 0, decisions: 0, setbacks: 0 },
    toldDecisions: null,
    reminders: 0,
    erasedAt: null,
    delivered: { count: 0, at: null },
    ended: 0,
    issued: [],
  };
}

export function each(
  email: Folding,
  ids: readonly RecipientId[],
  change: (recipient: Recipient) => Recipient,
): Folding {
  for (const id of new Set(ids)) {
    const recipient = email.recipients.get(id);
    if (recipient !== undefined) email.recipients.set(id, firstSettled(change(recipient)));
  }
  return email;
}

function firstSettled(recipient: Recipient): Recipient {
  const { settledFirst, state } = recipient;
  if (settledFirst !== null || !isSettled(recipient) || !('at' in state)) return recipient;
  return { ...recipient, settledFirst: { at: state.at, isSent: state.status === 'sent' } };
}

/** Of two times, the later one. */
const later = (a: string | null, b: string): string => (a !== null && a > b ? a : b);

export function heldAgain(email: Folding, time: string): Folding {
  email.times.holds.push(time);
  return email;
}

export function decided(email: Folding, time: string): Folding {
  email.times.decisions.push(time);
  return email;
}

/** Each is one for each recipient, and once: a server that fails in the same way at each try is no news again. */
export function setBack(
  email: Folding,
  what: 'ended' | 'unproven',
  ids: readonly RecipientId[],
  time: string,
): Folding {
  for (const id of ids) {
    const key = `${what} ${id}`;
    if (!email.recipients.has(id) || email.setBack.has(key)) continue;
    email.setBack.add(key);
    email.times.setbacks.push(time);
  }
  return email;
}

/** What receipts says comes last, so all holds, decisions and setbacks are counted by then. */
export function receiptIssued(email: Folding, { data }: DomainEvent<'ReceiptIssued'>): Folding {
  const { kind, content, issuedAt, outcome, decisions, reminder } = data;
  const issued = content === null ? email.issued : [...email.issued, issuedAt];
  if (kind === 'digest') return { ...email, issued };
  const heldSoFar = email.times.holds.length;
  const holds = data.holds ?? heldSoFar;
  const told = {
    holds: Math.max(email.told.holds, holds),
    decisions: Math.max(email.told.decisions, decisions),
    setbacks: Math.max(email.told.setbacks, data.setbacks ?? email.times.setbacks.length),
  };
  const isOfDelay = kind === 'interim' || kind === 'deadline';
  const after: Folding = {
    ...email,
    issued,
    told,
    delayToldAt: isOfDelay ? later(email.delayToldAt, issuedAt) : email.delayToldAt,
    reminders: holds < heldSoFar ? email.reminders : Math.max(email.reminders, reminder),
  };
  if (isOfDelay || outcome === 'in-progress') return after;
  return {
    ...after,
    receipt: { issuedAt, outcome, mailed: content !== null, deliveredAt: null },
    toldDecisions: decisions,
  };
}
