// SPDX-License-Identifier: Apache-2.0
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from '../alert.ts';
import { label } from '../label.ts';

/** Who was there within a day counts as missed, where he need not be there at all. */
const unseen = ((): string => {
  const of = (service: ServiceName) => `${scraped(METRIC.deadLetters)}{${label('service')}="${service}"}`;
  const gone = SERVICES.map((service) =>
    service === 'mailbox'
      ? `(absent(${of(service)}) unless absent_over_time(${of(service)}[1d]))`
      : `absent(${of(service)})`,
  );
  return `(${gone.join(' or ')}) unless on() (sum(increase(${scraped(METRIC.gaugesUnread)}[5m])) > 0)`;
})();

/** Of the services themselves. */
export const SERVICE_ALERTS: readonly Alert[] = [
  {
    name: 'ServiceAway',
    severity: 'page',
    expr: 'up{job="securemail"} == 0',
    for: '1m',
    summary: '{{ $labels.instance }} does not answer',
    means:
      'A process of Secure@Mail tells no metrics. Perhaps it is down, and another replica does its work; perhaps nobody does.',
    look: [
      'Whether it runs, and why it ended: its last lines of the log.',
      '`securemail.email.oldest.age`: whether mail stands still.',
    ],
    act: ['Start it again. What it had in hand is taken over by others, or by itself.'],
  },
  {
    name: 'ServiceUnseen',
    severity: 'page',
    expr: unseen,
    for: '5m',
    summary: `Nothing is heard of {{ $labels.${label('service')} }} any more`,
    means:
      'No process of a service tells metrics. Perhaps none of them runs; or nobody asks them, as where targets are found by labels and those have changed. What the service would tell is not there, so that alerts that go by it are quiet: of receipts nearly all. Who runs without SecureMailBox has no `mailbox`, and is not woken.',
    look: [
      'The targets of Prometheus: whether the service is among them, under the job `securemail`.',
      'Whether its processes run, and how many there are to be.',
    ],
    act: ['Start it, or mend how its targets are found. What waits for it goes on by itself.'],
  },
  {
    name: 'WatchIsBlind',
    severity: 'page',
    expr: `sum by (instance) (increase(${scraped(METRIC.gaugesUnread)}[3m])) > 0`,
    // Longer than one read that failed is seen.
    for: '4m',
    summary: 'What waits is not known at {{ $labels.instance }}',
    means:
      'A process can not read what it tells of, for minutes: as a rule its database does not answer it. What it would tell has no value meanwhile, so that EmailStuck, ReceiptsStandStill, EventsParked and all others that go by it are quiet whatever happens. Of receipts: no sender is told, and no promise is counted.',
    look: [
      '`securemail.gauges.unread` by `securemail.metric`: which. All: the database. `securemail.event_log.lag` alone: Kafka, perhaps.',
      '`GET /health/ready` of the process, and its log.',
      'Whether the database answers other processes: `db.client.connection.pending_requests`, its own log, the network between.',
    ],
    act: [
      'Bring the database, or the way to it, back. What waits goes on by itself.',
      'Look at the other alerts again then: what they tell is known from the next look on.',
    ],
  },
  {
    name: 'MailRefusedByUs',
    severity: 'page',
    expr: `sum by (${label('problem')}) (increase(${scraped(METRIC.emailsRefused)}{${label('problem')}=~"storage-unavailable|internal|too-busy"}[5m])) > 0`,
    for: '1m',
    summary: `Mail is not taken: {{ $labels.${label('problem')} }}`,
    means: 'Who hands in mail is told to try again later, by our fault. Nothing is lost: it was not taken.',
    look: [
      'The log of intake: `request failed`, and its cause.',
      'Whether the database answers, and has room: `GET /health/ready`.',
      'The log of intake: `connections are refused, as too many are open`, and at which port; who holds them: `ss -t` at that port.',
    ],
    act: [
      '`storage-unavailable`: bring the database back, or give it room.',
      '`too-busy`: another replica of intake, or fewer who send at once; over SMTP more `maxConnections`, or whoever holds them open and says nothing kept away: each may be silent for five minutes.',
      '`internal`: a fault of ours; report it with the line of the log.',
    ],
  },
];
