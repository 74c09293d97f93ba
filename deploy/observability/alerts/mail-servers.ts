// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';

/** Of mail servers, ours and others. */
export const MAIL_SERVER_ALERTS: readonly Alert[] = [
  {
    name: 'OwnMailServersSilent',
    severity: 'ticket',
    expr: `sum(increase(${scraped(METRIC.mailboxesAsked)}{${label('outcome')}="no-answer"}[15m])) > 0`,
    for: '5m',
    summary: 'Own mail servers do not say which mailboxes there are',
    means:
      'Mail from outside for mailboxes that nobody knows is taken or put off without asking, and who writes is not told of a mailbox that there is not. What we did not ask for (`not-asked`) is not told of here.',
    look: ['Whether the servers of `mailServers` or `mailRoutes` answer on their port, over TLS.'],
    act: ['Bring them back, or give a list of mailboxes (`mailboxesFile`).'],
  },
  {
    name: 'TlsNotProven',
    severity: 'ticket',
    expr: `sum by (${label('reason')}) (increase(${scraped(METRIC.attempts)}{${label('reason')}=~"tls-.*"}[1h])) > 10`,
    for: '5m',
    summary: `Mail servers do not prove who they are: {{ $labels.${label('reason')} }}`,
    means:
      'Mail waits, as a server outside or one of your own does not show the certificate that it should. Nothing is sent to it meanwhile.',
    look: [
      'The log of delivery: `a mail server does not prove itself`, with its name and why.',
      'Whether a certificate has ended, or an authority was changed (`caFile`, `authorities/`).',
    ],
    act: [
      'Own servers: renew the certificate, or give the new authority.',
      'A partner: compare the new certificate over another way, then set it.',
    ],
  },
  {
    name: 'OutcomeUnknown',
    severity: 'ticket',
    expr: `sum(increase(${scraped(METRIC.attempts)}{${label('outcome')}="unknown"}[1h])) > 0`,
    for: '1m',
    summary: 'Attempts of which nobody knows whether the mail arrived: {{ printf "%.0f" $value }}',
    means:
      'A connection was lost after the last octet and before the answer. `whenOutcomeUnknown` says what follows: sent again, flagged, or held.',
    look: [
      '`GET /v1/held`, those with `outcome-unknown`.',
      'The next hop in their events: whether it is always the same one.',
    ],
    act: ['Ask the recipient or the log of his server; then release or reject.'],
  },
];
