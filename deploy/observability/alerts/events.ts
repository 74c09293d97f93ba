// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';
import { standsStill } from './stands-still.ts';

/** Of events on their way from service to service. */
export const EVENT_ALERTS: readonly Alert[] = [
  {
    name: 'EventsParked',
    severity: 'page',
    expr: `max by (${label('service')}) (${scraped(METRIC.deadLetters)}{${label('deadLetterStatus')}="parked"}) > 0`,
    for: '1m',
    summary: `{{ $labels.${label('service')} }} has given up events: {{ $value }}`,
    means:
      'A service could not handle an event, tried again for long, and waits for a person now. The emails concerned stand still; all others go on.',
    look: [
      '`securemail dead-letters list`: which events, of which emails, and why; with `--all` also those that are still tried.',
      'The log of the service: `dead letter: parked until a person replays it`.',
    ],
    act: ['Mend the cause, then `securemail dead-letters replay`.'],
  },
  {
    name: 'RelayStandsStill',
    severity: 'page',
    expr: standsStill('relay'),
    for: '1m',
    summary: `Events of {{ $labels.${label('service')} }} do not reach the event log`,
    means:
      'What a service has decided is safe in its database, and nobody else hears of it. Emails stand still.',
    look: [
      'Kafka: whether its brokers answer, and take messages.',
      'The log of the service: what the relay says.',
      '`GET /health/ready` of the service.',
    ],
    act: ['Bring the broker back. What waits goes out by itself, in order, nothing twice.'],
  },
  {
    name: 'ConsumerStandsStill',
    severity: 'page',
    expr: standsStill('consumer'),
    for: '1m',
    summary: `{{ $labels.${label('service')} }} does not get on with what others said`,
    means:
      'A service does not handle events, or, for half an hour, far fewer than come. Emails wait for it. That some wait at every look is no harm where much comes.',
    look: [
      '`GET /health/live` of the service: it fails where nothing is dealt with.',
      "Without Kafka one replica of each service leads, by a lock of Postgres that lies with its connection. Where all replicas are alive and none gets on: `select pid, client_addr, state_change from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and state = 'idle'`, and whether those hosts are still there. Postgres ends a session whose host is lost within half a minute.",
      '`nodejs.eventloop.delay.p99`, `db.client.connection.pending_requests`: whether it is only slow.',
    ],
    act: ['Restart it. Where it is slow: another replica.'],
  },
];
