// SPDX-License-Identifier: Apache-2.0
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { METRIC, scraped } from '@securemail/telemetry';
import type { Alert } from './alert.ts';
import { label } from './label.ts';
import { SLO_ALERTS } from './slo.ts';

/** Events that wait, and never fewer of them than a moment before; or, by far, more and more of them. */
const standsStill = (part: string): string => {
  const lag = `max by (${label('service')}) (${scraped(METRIC.eventLogLag)}{${label('eventLogPart')}="${part}"})`;
  const least = (window: string) => `min_over_time(${lag}[${window}:30s])`;
  return (
    `(${least('5m')} > 0 and resets(${lag}[5m:30s]) == 0) or ` +
    `(${least('15m')} > 1000 and ${least('15m')} > max_over_time(${lag}[15m:30s] offset 15m))`
  );
};

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

const oldest = (stage: string): string => `max(${scraped(METRIC.oldestAge)}{${label('stage')}=~"${stage}"})`;

const waiting = (reason: string): string =>
  `max(${scraped(METRIC.jobsWaiting)}{${label('reason')}="${reason}"})`;

/**
 * What waits longest waits behind others for a slow domain, and delivery begins all that it can. Where delivery is away nobody
 * says so.
 */
const waitsForOthers = `(${waiting('no-place')} > ${oldest('delivery')} - 300 and ${waiting('none')} < 300)`;

/** How long the one that ends first still holds, in each place. */
const ownCertificate = `min by (${label('tlsPlace')}) (${scraped(METRIC.ownCertificates)})`;

/**
 * The share first: an alert tells the value of what stands before `and`. Of each direction by itself: all that leaves may be
 * held, or returned, where much more stays inside.
 */
const muchIs = (outcome: string, share: number, where = ''): string => {
  const settled = scraped(METRIC.emailsSettled);
  const each = `sum by (${label('direction')})`;
  const some = `${each} (increase(${settled}{${label('outcome')}="${outcome}"${where && `,${where}`}}[30m]))`;
  const all = `${each} (increase(${settled}${where && `{${where}}`}[30m]))`;
  return `${some} / ${all} > ${share} and ${some} > 5`;
};

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

export const ALERTS: readonly Alert[] = [
  ...SLO_ALERTS,
  {
    name: 'EmailStuck',
    severity: 'page',
    expr: `${oldest('protection')} > 300 or (${oldest('delivery')} > 300 unless ${waitsForOthers}) or ${oldest('attempt')} > 7200 or ${waiting('none')} > 300`,
    for: '1m',
    summary: 'An email waits for us for {{ $value | humanizeDuration }}',
    means:
      'An email was accepted, or let go by a person, and is neither protected nor tried; or its first attempt goes on for two hours, which is longer than servers are waited for; or the time of a further try has come, and nobody begins it. What is stuck is in no histogram, so this is the only sign of it. A mail server that is slow, or does not take a mail, is not told of here; and neither are mails that wait behind others for the same domain outside, which is brought `delivery.perDomainConcurrency` at a time.',
    look: [
      '`securemail.emails.unfinished` by `securemail.stage`: one email, or all of them.',
      '`securemail.delivery.waiting.age` with `securemail.reason` `none`: whether delivery begins what it could, first tries and further ones; `no-place`: one domain outside is slow, besides.',
      '`securemail.event_log.dead_letters` and `securemail.event_log.lag`: one event that can not be handled, or a service that stands still.',
      '`GET /v1/emails?state=unfinished&stage=protection&order=oldest`, and the same with `delivery` and `attempt` (in the console *Overview*, the table of what unfinished emails wait for): the first of them, and its events: what the last thing was that happened.',
    ],
    act: [
      'One: `securemail dead-letters list --all`, and why: what is `retrying` goes on by itself once its cause is gone, what is `parked` after `securemail dead-letters replay`.',
      'A reason such as `AwayError` names what is away: the token, its PIN or a key service. Bring that back and restart nothing: mail waits for it, and goes on. crypto does not start without its token, and each start tries the PIN once, after a few of which a token locks itself ([When things break](../operations.md#when-things-break)).',
      'All, and nothing of that: restart the service that should have acted next; nothing is lost by it.',
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
    expr: muchIs('held', 0.2),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of {{ $labels.${label('direction')} }} emails are held`,
    means:
      'Of what was handed in during half an hour more than a fifth of what leaves, stays inside or comes in is held. Nothing left unprotected; but something that should protect it does not.',
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
    name: 'MuchIsReturned',
    severity: 'page',
    expr: muchIs('not-sent', 0.5, `${label('direction')}!="inbound"`),
    for: '5m',
    summary: `{{ $value | humanizePercentage }} of {{ $labels.${label('direction')} }} emails are returned to their senders`,
    means:
      'Of what people of yours handed in during half an hour, more than half of what leaves, or stays inside, could not be sent to anybody. Each sender knows. What is returned in time counts as neither kept nor missed, so no promise tells of it.',
    look: [
      '`securemail.delivery.attempts` with `securemail.outcome` `refused`, by `smtp.phase` and `securemail.reason`: one answer to all is about us, such as an address of ours on a blocklist, a missing name or SPF.',
      '`GET /v1/emails?state=not-sent`, and the events of one of them: the answers of the servers.',
    ],
    act: [
      'On a blocklist: the answers name it; find what was sent from that address, and ask to be taken off.',
      'Own mail servers that refuse: what was changed there.',
      'Once it is mended senders have to send again: their receipts say so.',
    ],
  },
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
      '`nodejs.eventloop.delay.p99`, `db.client.connection.pending_requests`: whether it is only slow.',
    ],
    act: ['Restart it. Where it is slow: another replica.'],
  },
  {
    name: 'LedgerBroken',
    severity: 'page',
    expr: `max by (${label('reason')}) (${scraped(METRIC.ledgerBroken)}) > 0`,
    for: '1m',
    summary: `The ledger is not what it was: {{ $labels.${label('reason')} }}`,
    means:
      'What was recorded was changed, in the ledger or in what receipts goes by. Mail goes on. Somebody with rights in the database did it, or a disk did. It is quiet once a whole pass has found nothing: that takes up to `receipts.ledger.verifyEveryMinutes`, and a second for each two thousand events.',
    look: [
      'The log of receipts: `the ledger is not what it was`, with the organisation, the leaf and the event.',
      '`leaf`: an event; `tile`: hashes; `checkpoint`: leaves and hashes together, or what was signed; `history`: what the console and the API show.',
      '`securemail audit export` and `audit verify`, and `audit replay`: which emails it is about.',
      'Who was connected to the database, and backups from before.',
    ],
    act: [
      'Keep everything as it is until somebody who answers for it has looked: a copy of the database first.',
      'Tell the auditors. Checkpoints that they have say until when the ledger is whole.',
      '`history` alone: `securemail projections rebuild --from-ledger` makes it anew of what the ledger has, while everything goes on; nothing that was recorded is lost. Say `--dry-run` first: what is not in the ledger goes only where you say so. An event that is only on its way into the ledger is no fault.',
    ],
  },
  {
    name: 'EmailsUnreadable',
    severity: 'page',
    expr: `max(${scraped(METRIC.emailsUnreadable)}) > 0`,
    for: '1m',
    summary: 'What is kept of emails was changed: {{ $value }}',
    means:
      'Events that receipts keeps do not authenticate: a disk, a restore or somebody with rights changed them. These emails are shown without what can not be read, and found by their ids alone; no receipt is given of them. All others are shown and found as ever.',
    look: [
      'The log of receipts: `what is kept of an email was changed`, with its id.',
      '`GET /v1/emails/{emailId}`: `unreadable` names the events.',
      '`securemail audit replay` and `securemail.ledger.broken`: whether the ledger has them as they were.',
      'Who was connected to the database, and backups from before.',
    ],
    act: [
      'Keep a copy of the database as it is first, until somebody who answers for it has looked.',
      'Put these rows of `receipts.history` back as a backup has them. They are read again by themselves.',
    ],
  },
  {
    name: 'EmailsUnfindable',
    severity: 'ticket',
    expr: `max(${scraped(METRIC.emailsUnfindable)}) > 300`,
    for: '5m',
    summary: 'Emails are not found by address, Message-ID or trace, for {{ $value | humanizeDuration }}',
    means:
      'Mail goes on, and all of it stands in the lists; but who looks for an email by an address is told of older ones alone, or that there is none. An email is made findable a moment after it is heard of. Emails whose events were changed do not count here: EmailsUnreadable tells of those.',
    look: [
      'The log of receipts: `emails could not be made findable, trying again`, or `the indexer could not begin, trying again`, and its reason.',
      'Whether the database takes what receipts writes: its room, its rights, who holds a lock on `receipts.found_by` (`pg_locks`).',
      'Neither, and `unfindable_since` in `receipts.emails` moves on: very many are made findable at once, as after `projections rebuild --from-ledger`.',
    ],
    act: [
      'Mend its cause: all are made findable by themselves then, the oldest first.',
      'Until then, look for emails by state and time, or by their ids.',
    ],
  },
  {
    name: 'LedgerStandsStill',
    severity: 'ticket',
    expr: standsStill('ledger'),
    for: '5m',
    summary: 'Events are not recorded in the ledger',
    means: 'Mail goes on, and what happens to it is safe; but nobody can prove it yet.',
    look: ['The log of receipts: `event log interrupted`, and why.', 'Whether the database has room.'],
    act: ['Mend its cause. What waits is recorded by itself, each event once.'],
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
  {
    name: 'CertificatesWantAttention',
    severity: 'ticket',
    expr: `max by (${label('certificateState')}) (${scraped(METRIC.certificates)}{${label('certificateState')}=~"conflicting|revoked"}) > 0`,
    for: '1h',
    summary: `Certificates that are {{ $labels.${label('certificateState')} }}: {{ $value }}`,
    means: 'Mail for whom they name goes another way, or is held.',
    look: ['`securemail certificates list --state conflicting`, or `revoked`.'],
    act: [
      'Ask the partner which one counts, and remove the other one: `securemail certificates remove`. What wants attention is counted again each hour: it is quiet by then.',
    ],
  },
  {
    name: 'OwnKeysEnd',
    severity: 'ticket',
    expr: `max by (${label('reason')}) (${scraped(METRIC.ownKeysEnding)}{${label('reason')}=~"nobody signs|expires within (30|7) days"}) > 0`,
    for: '1h',
    summary: `Keys of our addresses or domains, {{ $labels.${label('reason')} }}: {{ $value }}`,
    means:
      'Without a key that holds nothing is signed for them: their mail is held, or goes another way, and theirs from outside is not opened.',
    look: ['`securemail keys list`: which, and until when.'],
    act: [
      '`securemail keys csr`, and `keys import` of what the authority issues. The old key stays for opening. It is counted again within the hour.',
    ],
  },
  {
    name: 'OwnCertificatesEnd',
    severity: 'ticket',
    expr: `0 < ${ownCertificate} < 1209600`,
    for: '1h',
    summary: `Our TLS certificate ({{ $labels.${label('tlsPlace')} }}) ends in {{ $value | humanizeDuration }}`,
    means:
      'What the gateway proves itself with ends within two weeks: at the port for who hands in mail (`submission`) or for mail from outside (`inbound`), or to own mail servers (`mail-route`). From then on whoever verifies it hands in no mail, and own mail servers take none.',
    look: [
      'The log of intake and delivery: `a certificate of ours wants a successor`, with its setting and its end.',
      'What renews it (an ACME client, say), and its last run.',
      '`a certificate of ours can not be read`: the files were replaced by what is no pair, and the former one is in use.',
    ],
    act: [
      'Put the new certificate, with its chain, and its key into the files that the setting names. They are in use two minutes later at the latest; nothing has to be started anew.',
    ],
  },
  {
    name: 'OwnCertificatesEnded',
    severity: 'page',
    expr: `${ownCertificate} <= 0`,
    for: '1m',
    summary: `Our TLS certificate ({{ $labels.${label('tlsPlace')} }}) has ended`,
    means:
      'Whoever verifies it is turned away by himself: programs that hand in mail (`submission`), gateways of others that insist on TLS (`inbound`), own mail servers that know us by it (`mail-route`). Their mail waits with them, or here.',
    look: [
      'The log of intake and delivery: `a certificate of ours wants a successor`, with its setting and its end.',
      '`securemail.tls.failures` with `securemail.reason` `certificate-refused`: whether somebody is turned away already. Not all who are say so.',
    ],
    act: [
      'Put a new certificate, with its chain, and its key into the files that the setting names. They are in use two minutes later at the latest.',
      'Mail that waits elsewhere comes by itself; programs that do not try again have to be told.',
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
