// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId, ServiceName } from '@securemail/contracts';
import { byTime } from '../../domain/order.ts';
import { spanIdOf, traceIdOf } from './traceparent.ts';

/** What an email spends its time on. */
export const BAR_KINDS = [
  'acceptance',
  'protection',
  'deposit',
  'attempt',
  'wait',
  'hold',
  'receipt',
] as const;

/** A part of an email's way, as its events tell it; also long after traces were thrown away. */
export interface Bar {
  kind: (typeof BAR_KINDS)[number];
  service: ServiceName;
  from: string;
  /** Null: it goes on. */
  until: string | null;
  recipientIds: readonly RecipientId[];
  /** The event that ended it; null: it goes on. */
  outcome: string | null;
  /** Of the span that ended it, or began it (W3C Trace Context); null: it was not traced. */
  spanId: string | null;
}

/** The trace that an email belongs to; null: it was not traced. */
export function traceIn(events: readonly DomainEvent[]): string | null {
  const acceptance = events.find(({ name }) => name === 'EmailAccepted');
  return acceptance === undefined ? null : traceIdOf(acceptance);
}

/** The way of an email, in the order in which its parts began. */
export function waterfallOf(events: readonly DomainEvent[]): Bar[] {
  const bars: Bar[] = [];
  /** What goes on, and what ends it: by recipient, as each has a way of its own. */
  const open = new Map<string, Bar>();
  const barOf = (
    kind: Bar['kind'],
    service: ServiceName,
    event: DomainEvent,
    recipientIds: readonly RecipientId[],
  ): Bar => ({
    kind,
    service,
    from: event.time,
    until: null,
    recipientIds,
    outcome: null,
    spanId: spanIdOf(event),
  });
  const begin = (...what: Parameters<typeof barOf>) => {
    const bar = barOf(...what);
    bars.push(bar);
    for (const id of bar.recipientIds) open.set(`${bar.kind} ${id}`, bar);
  };
  /** What is over as it begins. */
  const moment = (...what: Parameters<typeof barOf>) => {
    const [, , { time, name }] = what;
    bars.push({ ...barOf(...what), until: time, outcome: name });
  };
  const end = (kind: Bar['kind'], event: DomainEvent, recipientIds: readonly RecipientId[]) => {
    for (const id of recipientIds) {
      const bar = open.get(`${kind} ${id}`);
      if (bar === undefined) continue;
      open.delete(`${kind} ${id}`);
      // Of several recipients it lasts until the last of them.
      bar.until = event.time;
      bar.outcome = event.name;
      bar.spanId = spanIdOf(event) ?? bar.spanId;
    }
  };
  const endAll = (event: DomainEvent, recipientIds: readonly RecipientId[]) => {
    for (const kind of ['protection', 'deposit', 'attempt', 'wait', 'hold'] as const)
      end(kind, event, recipientIds);
  };

  for (const event of events.toSorted(byTime)) {
    switch (event.name) {
      case 'EmailAccepted': {
        const { recipientIds } = event.data;
        moment('acceptance', 'intake', event, recipientIds);
        begin('protection', 'crypto', event, recipientIds);
        break;
      }
      case 'EmailProtected':
      case 'EmailOpened':
        end('protection', event, event.data.recipientIds);
        break;
      case 'ProtectionPlanned': {
        const toMailbox = event.data.recipients.filter(({ method }) => method === 'mailbox');
        if (toMailbox.length > 0)
          begin(
            'deposit',
            'mailbox',
            event,
            toMailbox.map(({ recipientId }) => recipientId),
          );
        break;
      }
      case 'MailboxMessageDeposited':
        end('deposit', event, event.data.recipientIds);
        break;
      case 'EmailHeld':
        endAll(event, event.data.recipientIds);
        begin('hold', 'crypto', event, event.data.recipientIds);
        break;
      case 'EmailReleased':
        end('hold', event, event.data.recipientIds);
        begin('protection', 'crypto', event, event.data.recipientIds);
        break;
      case 'EmailRejected':
        end('hold', event, event.data.recipientIds);
        break;
      case 'DeliveryAttemptStarted':
        end('wait', event, event.data.recipientIds);
        begin('attempt', 'delivery', event, event.data.recipientIds);
        break;
      case 'Delivered':
      case 'Bounced':
      case 'DeliveryExpired':
        end('attempt', event, event.data.recipientIds);
        end('wait', event, event.data.recipientIds);
        break;
      case 'Deferred':
      case 'OutcomeUnknown':
        end('attempt', event, event.data.recipientIds);
        begin('wait', 'delivery', event, event.data.recipientIds);
        break;
      case 'ReceiptIssued':
        moment('receipt', 'receipts', event, []);
        break;
      case 'EmailRefused':
      case 'DeliveryReported':
      case 'ProtectionFailed':
      case 'ReleaseRefused':
      case 'MailboxMessageOpened':
      case 'MailboxMessageDeclined':
      case 'MailboxMessageWithdrawn':
      case 'MailboxCodeIssued':
      case 'MailboxCredentialAdded':
      case 'MailboxCredentialRemoved':
      case 'MailboxNoticeIssued':
      case 'MailboxAddressProven':
      case 'MailboxReplySubmitted':
      case 'MailboxLetterSubmitted':
      case 'DeadlineMissed':
      case 'ConsoleSignedIn':
      case 'ConsoleSignedOut':
      case 'ConsoleSearched':
      case 'AuditExported':
      case 'EmailInspected':
      case 'DeadLetterReplayed':
      case 'ConsoleListShown':
      case 'ErasureRequested':
      case 'ContentErased':
      case 'LegalHoldPlaced':
      case 'LegalHoldLifted':
        break;
      default:
        event satisfies never;
    }
  }
  return bars;
}
