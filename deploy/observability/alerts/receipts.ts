// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';
import { oldest } from './oldest.ts';

const receiptsUnderWay = `max(${scraped(METRIC.unfinished)}{${label('stage')}="receipt-mail"})`;

/**
 * By how many more receipts are on their way than an hour ago. Those of a mailbox that is full wait for days, and are the
 * only ones at night: so not how many wait counts, and what settles in a day counts, too.
 */
const receiptsPileUp = ((): string => {
  const more = `(${receiptsUnderWay} - min_over_time(${receiptsUnderWay}[1h:1m]))`;
  const settled = (window: string) =>
    `(sum(increase(${scraped(METRIC.emailsSettled)}[${window}])) or vector(0))`;
  return `${more} > 4 and ${more} > 0.1 * ${settled('1h')} and ${more} > 0.01 * ${settled('1d')}`;
})();

/** Of receipts, and of their way to the sender. */
export const RECEIPT_ALERTS: readonly Alert[] = [
  {
    name: 'ReceiptsStandStill',
    severity: 'page',
    expr: `${oldest('receipt')} > 120`,
    for: '1m',
    summary: 'A sender is not told how it went, for {{ $value | humanizeDuration }}',
    means:
      'An email is settled, and its receipt is not issued, which takes a moment. Mail goes on; but its sender does not know, and no promise is counted of it, so the budget shows nothing.',
    look: [
      'The log of receipts: `the sender could not be told, trying again`, and its reason.',
      'Whether the database takes what receipts writes: its room, its rights, `GET /health/ready`.',
      '`securemail.emails.unfinished` with `securemail.stage` `receipt`: one email, or all of them.',
    ],
    act: ['Mend its cause: all senders are told by itself then, each once.'],
  },
  {
    name: 'ReceiptsUndelivered',
    severity: 'page',
    expr: `${oldest('receipt-mail')} > 900 and ${receiptsPileUp}`,
    for: '1m',
    summary: 'Receipts do not reach their senders, one for {{ $value | humanizeDuration }}',
    means:
      'Own mail servers do not take receipts: more and more of them wait, by five and by a tenth of the mail of the last hour at least, and by a hundredth of that of a day. Mail is sent all the same, and nobody who sent it knows. A receipt is tried until `delivery.giveUpAfterHours`. It is quiet once no more come to wait for an hour, at night perhaps, though none has arrived; receipts that only wait on, as for a mailbox that is full, are told by ReceiptsGrowOld.',
    look: [
      'Whether the servers of `mailServers` or `mailRoutes` answer on their port, over TLS, and take mail from `gatewayAddress`.',
      '`securemail.delivery.attempts` with `securemail.outcome` `deferred`, by `securemail.reason` and `smtp.phase`.',
      'The events of one of these emails: the last answer.',
    ],
    act: ['Bring them back, or let them take it. What waits goes out by itself.'],
  },
  {
    name: 'ReceiptsGrowOld',
    severity: 'ticket',
    expr: `${oldest('receipt-mail')} > 14400`,
    for: '15m',
    summary: 'A receipt is on its way to its sender for {{ $value | humanizeDuration }}',
    means:
      'An own mail server does not take a receipt, for hours: a mailbox that is full, perhaps. Its sender does not know how it went, but where he looks himself.',
    look: ['The events of the email: the last answer to the attempts for its sender.'],
    act: ['Tell who runs the mailbox.'],
  },
];
