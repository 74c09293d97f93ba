// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import type { Email, EmailState } from './email.ts';
import { inMailboxOf, settledAt, stateOf } from './standing.ts';

/** Named as the Standard Webhooks have it: words joined by full stops and underscores. */
export const WEBHOOK_TYPES = [
  'email.accepted',
  'email.in_progress',
  'email.sent',
  'email.partly_sent',
  'email.held',
  'email.not_sent',
  'email.deadline_missed',
  'email.opened',
  'email.declined',
  'receipt.issued',
] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

const OF_STATE: Record<EmailState, WebhookType> = {
  accepted: 'email.accepted',
  'in-progress': 'email.in_progress',
  sent: 'email.sent',
  'partly-sent': 'email.partly_sent',
  held: 'email.held',
  'not-sent': 'email.not_sent',
};

export interface WebhookMessage {
  type: WebhookType;
  /** Of the event that it tells of, RFC 3339. */
  timestamp: string;
  data: object;
}

/**
 * What a system is told of some events of an email: that its state is another one now, that the deadline was missed, that
 * there is a receipt, that somebody opened it in SecureMailBox, or said there that it is not for him. States that came and went among these events are not told. Nobody is named: who may know more asks
 * for the email.
 *
 * @param before the email before these events; null where they are its first.
 */
export function messagesOf(
  before: Email | null,
  after: Email,
  events: readonly DomainEvent[],
): WebhookMessage[] {
  const data = dataOf(after);
  const time =
    events
      .map((event) => event.time)
      .toSorted()
      .at(-1) ?? after.acceptedAt;
  const changed = before === null || stateOf(before) !== stateOf(after);
  const state = changed ? [{ type: OF_STATE[stateOf(after)], timestamp: time, data }] : [];
  const others = events.flatMap((event): WebhookMessage[] => {
    if (event.name === 'DeadlineMissed')
      return [{ type: 'email.deadline_missed', timestamp: event.time, data }];
    if (event.name !== 'ReceiptIssued' || event.data.kind === 'digest') return [];
    const { kind, outcome, issuedAt, content } = event.data;
    const receipt = { kind, outcome, issuedAt, mailed: content !== null };
    return [{ type: 'receipt.issued', timestamp: event.time, data: { ...data, receipt } }];
  });
  const lastOf = (name: DomainEvent['name']) =>
    events
      .flatMap((event) => (event.name === name ? [event.time] : []))
      .toSorted()
      .slice(-1);
  return [
    ...state,
    ...others,
    ...lastOf('MailboxMessageOpened').map((timestamp) => ({
      type: 'email.opened' as const,
      timestamp,
      data,
    })),
    ...lastOf('MailboxMessageDeclined').map((timestamp) => ({
      type: 'email.declined' as const,
      timestamp,
      data,
    })),
  ];
}

const dataOf = (email: Email) => ({
  emailId: email.emailId,
  state: stateOf(email),
  direction: email.direction,
  acceptedAt: email.acceptedAt,
  deadlineAt: email.deadlineAt,
  deadlineMissed: email.deadlineMissed,
  settledAt: settledAt(email),
  recipients: email.recipients.map((recipient) => ({
    recipientId: recipient.recipientId,
    method: recipient.method,
    status: recipient.state.status,
    attempts: recipient.attempts,
    mayBeDuplicate: recipient.mayBeDuplicate,
    ...inMailboxOf(recipient),
  })),
});
