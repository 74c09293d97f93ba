// SPDX-License-Identifier: Apache-2.0
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from './alert.ts';
import { label } from './label.ts';
import { SLO_ALERTS } from './slo.ts';

/** Events that wait, and no fewer than five minutes ago. */
const standsStill = (part: string): string => {
  const lag = `${scraped(METRIC.eventLogLag)}{${label('eventLogPart')}="${part}"}`;
  return `min_over_time(max by (${label('service')}) (${lag})[5m:30s]) > 0 and max by (${label('service')}) (${lag}) >= max by (${label('service')}) (${lag} offset 5m)`;
};

const oldest = (stage: string): string => `max(${scraped(METRIC.oldestAge)}{${label('stage')}=~"${stage}"})`;

export const ALERTS: readonly Alert[] = [
  ...SLO_ALERTS,
  {
    name: 'EmailStuck',
    severity: 'page',
    expr: `${oldest('protection|delivery')} > 300`,
    for: '1m',
    summary: 'An email waits for us for {{ $value | humanizeDuration }}',
    means:
      'An email was accepted, or let go by a person, and is neither protected nor tried. What is stuck is in no histogram, so this is the only sign of it.',
    look: [
      '`securemail.emails.unfinished` by `securemail.stage`: one email, or all of them.',
      '`securemail.event_log.dead_letters` and `securemail.event_log.lag`: one event that can not be handled, or a service that stands still.',
      '`GET /v1/emails?state=unfinished&order=oldest`, in the console *Unfinished emails*: the first of them, and its events: what the last thing was that happened.',
    ],
    act: [
      'One: `securemail dead-letters list`, then `securemail dead-letters replay` once its cause is gone.',
      'All: restart the service that should have acted next; nothing is lost by it.',
    ],
  },
  {
    name: 'RetriesGrowOld',
    severity: 'ticket',
    expr: `${oldest('retry')} > 7200`,
    for: '5m',
    summary: 'An email is tried again for {{ $value | humanizeDuration }}',
    means:
      'A mail server does not take an email, for hours. Its sender knows. It is tried until `delivery.giveUpAfterHours`, and then returned to him.',
    look: [
      '`securemail.delivery.attempts` with `securemail.outcome` `deferred`, by `securemail.reason`: `tls-…` is about a proof, `reply` is what the server says.',
      'The email’s events: the next hop, its answer, and when it is tried next.',
    ],
    act: [
      'Where it is one server: tell who runs it.',
      'Where a server has lost its proof (`tls-not-enforceable`, `tls-not-verified`) it is held back on purpose. The way to its domain is set anew by a certificate of the person or the organisation, or an agreed partner.',
    ],
  },
  {
    name: 'DecisionsGrowOld',
    severity: 'ticket',
    expr: `${oldest('decision')} > 172800`,
    for: '15m',
    summary: 'A held email waits for a person for {{ $value | humanizeDuration }}',
    means:
      'An email is held, and nobody has decided for two days. It is returned to its sender when `holding.endAfterDays` is over.',
    look: ['`GET /v1/held`: which, why, and until when.'],
    act: ['Release it, with another address perhaps, or reject it: by name and with a reason.'],
  },
  {
    name: 'MuchIsHeld',
    severity: 'page',
    expr:
      `sum(increase(${scraped(METRIC.emailsSettled)}{${label('outcome')}="held"}[30m])) > 5 and ` +
      `sum(increase(${scraped(METRIC.emailsSettled)}{${label('outcome')}="held"}[30m])) / sum(increase(${scraped(METRIC.emailsSettled)}[30m])) > 0.2`,
    for: '5m',
    summary: '{{ $value | humanizePercentage }} of all emails are held',
    means:
      'More than a fifth of what was handed in during half an hour is held. Nothing left unprotected; but something that should protect it does not.',
    look: [
      '`securemail.recipients.held` by `securemail.reason`: `no-secure-method`, `protection-failed`, …',
      '`securemail.methods.passed_over` by method and reason: a directory that is away, an own certificate that has ended, a policy that was changed.',
      '`GET /v1/admin/settings/changes`: who changed what.',
    ],
    act: [
      'Mend its cause; then release what is held (`POST /v1/held/{emailId}/release`).',
      'A change of settings that was wrong is taken back by the next one.',
    ],
  },
  {
    name: 'EventsParked',
    severity: 'page',
    expr: `max by (${label('service')}) (${scraped(METRIC.deadLetters)}{${label('deadLetterStatus')}="parked"}) > 0`,
    for: '1m',
    summary: `{{ $labels.${label('service')} }} has given up {{ $value }} events`,
    means:
      'A service could not handle an event, tried again for long, and waits for a person now. The emails concerned stand still; all others go on.',
    look: [
      '`securemail dead-letters list`: which events, of which emails, and why.',
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
    onlySimulated:
      'it takes a gateway of its own over Kafka, whose broker is stopped and started: minutes, where the others share one over Postgres, in which nothing stands between a service and its readers',
  },
  {
    name: 'ConsumerStandsStill',
    severity: 'page',
    expr: standsStill('consumer'),
    for: '1m',
    summary: `{{ $labels.${label('service')} }} does not get on with what others said`,
    means: 'A service does not handle events, or fewer than come. Emails wait for it.',
    look: [
      '`GET /health/live` of the service: it fails where nothing is dealt with.',
      '`nodejs.eventloop.delay.p99`, `db.client.connection.pending_requests`: whether it is only slow.',
    ],
    act: ['Restart it. Where it is slow: another replica.'],
  },
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
    name: 'MailRefusedByUs',
    severity: 'page',
    expr: `sum by (${label('problem')}) (increase(${scraped(METRIC.emailsRefused)}{${label('problem')}=~"storage-unavailable|internal|too-busy"}[5m])) > 0`,
    for: '1m',
    summary: `Mail is not taken: {{ $labels.${label('problem')} }}`,
    means: 'Who hands in mail is told to try again later, by our fault. Nothing is lost: it was not taken.',
    look: [
      'The log of intake: `request failed`, and its cause.',
      'Whether the database answers, and has room: `GET /health/ready`.',
    ],
    act: [
      '`storage-unavailable`: bring the database back, or give it room.',
      '`too-busy`: another replica of intake, or fewer who send at once.',
      '`internal`: a fault of ours; report it with the line of the log.',
    ],
  },
  {
    name: 'OwnMailServersSilent',
    severity: 'ticket',
    expr: `sum(increase(${scraped(METRIC.mailboxesAsked)}{${label('outcome')}="no-answer"}[15m])) > 0`,
    for: '5m',
    summary: 'Own mail servers do not say which mailboxes there are',
    means: 'Mail from outside for mailboxes that nobody knows is taken or put off without asking.',
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
    summary: 'Of {{ $value }} attempts nobody knows whether the mail arrived',
    means:
      'A connection was lost after the last octet and before the answer. `whenOutcomeUnknown` says what follows: sent again, flagged, or held.',
    look: [
      '`GET /v1/held`, those with `outcome-unknown`.',
      'The next hop in their events: whether it is always the same one.',
    ],
    act: ['Ask the recipient or the log of his server; then release or reject.'],
  },
  {
    name: 'CertificatesWantAttention',
    severity: 'ticket',
    expr: `max by (${label('certificateState')}) (${scraped(METRIC.certificates)}{${label('certificateState')}=~"conflicting|revoked"}) > 0`,
    for: '1h',
    summary: `{{ $value }} certificates are {{ $labels.${label('certificateState')} }}`,
    means: 'Mail for whom they name goes another way, or is held.',
    look: ['`securemail certificates list --state conflicting`, or `revoked`.'],
    act: ['Ask the partner which one counts, and remove the other one: `securemail certificates remove`.'],
  },
  {
    name: 'OwnKeysEnd',
    severity: 'ticket',
    expr: `sum by (${label('reason')}) (max by (${label('reason')}, instance) (${scraped(METRIC.ownKeysEnding)}{${label('reason')}=~"nobody signs|expires within (30|7) days"})) > 0`,
    for: '1h',
    summary: `For {{ $value }} addresses or domains of ours: {{ $labels.${label('reason')} }}`,
    means:
      'Without a key that holds nothing is signed for them: their mail is held, or goes another way, and theirs from outside is not opened.',
    look: ['`securemail keys list`: which, and until when.'],
    act: [
      '`securemail keys csr`, and `keys import` of what the authority issues. The old key stays for opening.',
    ],
  },
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
    onlySimulated:
      'it takes a gateway of its own with SecureMailBox and somebody who is signed in there, as without it much else is held that other alerts look at. That files wait while the scanner is away, and are looked into once it is back, is tested in services/mailbox',
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
