// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';

/** Of what the services lean on, and of their processes. */
export const SURROUNDING_ALERTS: readonly Alert[] = [
  {
    name: 'WebhookAway',
    severity: 'ticket',
    expr: `max(${scraped(METRIC.webhooksOldestAge)}) > 3600`,
    for: '5m',
    summary: 'A system was not told for {{ $value | humanizeDuration }}',
    means:
      'The target of a webhook does not answer, or not as it should. What it is owed is kept until `receipts.webhooks.giveUpAfterHours`.',
    look: ['`GET /v1/webhooks`: `failingSince`, and its last answer.'],
    act: ['Tell who runs the target.'],
  },
  {
    name: 'FilesNotChecked',
    severity: 'page',
    expr: `sum(increase(${scraped(METRIC.filesChecked)}{${label('outcome')}="not-checked"}[10m])) > 0`,
    for: '1m',
    summary: 'Files from outside can not be looked into',
    means:
      'The scanner (clamd) does not answer. What people write in SecureMailBox with files is kept and not sent.',
    look: ['Whether clamd runs and answers.', 'The log of mailbox: a file that is more than it takes.'],
    act: ['Bring it back. People may press send again; their text is kept.'],
  },
  {
    name: 'TooFewConnections',
    severity: 'ticket',
    expr: `max by (${label('poolName')}) (min_over_time(${scraped(METRIC.poolWaiting)}[5m])) > 0`,
    for: '5m',
    summary: `Work of {{ $labels.${label('poolName')} }} waits for a connection to the database`,
    means: 'All connections of a process are in use, all the time. Mail gets slower, and then late.',
    look: [
      '`db.client.connection.count` beside `db.client.connection.limit`.',
      'In the database: `pg_stat_activity`, what takes long.',
    ],
    act: [
      'More of them (`database.maxConnections`, and `max_connections` of the server), or another replica.',
    ],
  },
  {
    name: 'EventLoopSlow',
    severity: 'ticket',
    expr: 'max by (instance) (nodejs_eventloop_delay_p99) > 0.5',
    for: '10m',
    summary: '{{ $labels.instance }} answers late: {{ $value | humanizeDuration }}',
    means:
      'A process is busy with one thing for so long that all others wait. Its health and its leases suffer next.',
    look: [
      'What it does: `securemail.messages.protected`, very large mail, many files.',
      'Whether the machine has processors to spare.',
    ],
    act: ['Another replica, or more processor for each.'],
  },
];
