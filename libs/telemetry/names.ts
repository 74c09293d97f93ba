// SPDX-License-Identifier: Apache-2.0
import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_TLS_CIPHER,
  ATTR_TLS_PROTOCOL_VERSION,
  METRIC_DB_CLIENT_CONNECTION_COUNT,
  METRIC_DB_CLIENT_CONNECTION_LIMIT,
  METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
} from '@opentelemetry/semantic-conventions/incubating';

/**
 * Every name of an attribute of a span or metric that is ours or not yet stable; stable ones come from
 * `@opentelemetry/semantic-conventions` itself. `securemail.*` is ours; `smtp.*` fills a gap of the semantic
 * conventions; `messaging.*` and `tls.*` are theirs, and may still change.
 * None may hold content, a subject, a full address or a key. `npm run check` finds a name that is written elsewhere.
 */
export const ATTRIBUTE = {
  /** UUIDv7 of the email: finds its whole way. */
  emailId: 'securemail.email.id',
  tenantId: 'securemail.tenant.id',
  /** `intake`, `crypto`, …: several of them may be one process. */
  service: 'securemail.service',
  /** How it was handed in: `rest`, `submission` or `relay`. */
  channel: 'securemail.channel',
  /** The name of a refusal (`libs/service/http/problems.ts`), such as `not-secure`. */
  problem: 'securemail.problem',
  /** `internal`, `smime-personal`, … (contracts: PROTECTION_METHODS). */
  protectionMethod: 'securemail.protection.method',
  /** 1 for the first attempt to hand a message over, 2 for the next one, … */
  attemptOrdinal: 'securemail.attempt.ordinal',
  /** What an attempt came to: `delivered`, `refused`, `deferred`, `unknown`, or `mixed` where recipients differ; of a TLS report: `reported`, `no-record`, `failed`; of a mailbox that is asked for: `known`, `unknown`, `no-answer`, or `not-asked` where too many were asked for at a time. */
  outcome: 'securemail.outcome',
  /** `outbound`, `internal` or `inbound`. */
  direction: 'securemail.email.direction',
  /** What an email that is not finished waits for (receipts: STAGES). */
  stage: 'securemail.stage',
  /** `whole`: sent within ten minutes. `own`: what we took of that ourselves. */
  promise: 'securemail.promise',
  /** contracts: GUARDS. */
  guard: 'securemail.guard',
  /** contracts: GuardAction. */
  guardAction: 'securemail.guard.action',
  /** Why something did not go as it should: contracts, `Obstacle`; of an attempt a word as in `Deferred`, `reply` where the server said why, `none` where nothing was wrong. */
  reason: 'securemail.reason',
  /** The name of a metric. */
  metric: 'securemail.metric',
  /** contracts: Verdict. */
  verdict: 'securemail.verdict',
  /** `put`, `get`, `erase`. */
  vaultOperation: 'securemail.vault.operation',
  /** Where a certificate of ours is shown: at a port of intake, `submission` or `inbound`, or to own mail servers, `mail-route`. */
  tlsPlace: 'securemail.tls.place',
  /** `ready`, or `put-off` until its time. */
  jobStatus: 'securemail.job.status',
  /** What carries events: `relay`, `consumer`, `retries`, or `ledger`. */
  eventLogPart: 'securemail.event_log.part',
  /** `valid`, `expiring`, … (crypto: CERTIFICATE_STATES). */
  certificateState: 'securemail.certificate.state',
  /** `retrying` by itself, or `parked` until a person replays it. */
  deadLetterStatus: 'securemail.dead_letter.status',

  /** How far the dialogue came: contracts, `SmtpPhase`. */
  smtpPhase: 'smtp.phase',
  /** RFC 5321 §4.2, such as 250. */
  smtpReplyCode: 'smtp.reply.code',
  /** RFC 3463, such as `5.1.1`. */
  smtpEnhancedCode: 'smtp.reply.enhanced_code',
  /** Whether the connection had carried a mail before. */
  smtpConnectionReused: 'smtp.connection.reused',

  /** `1.2` or `1.3`; not there where the mail left in clear, or did not leave. */
  tlsProtocolVersion: ATTR_TLS_PROTOCOL_VERSION,
  tlsCipher: ATTR_TLS_CIPHER,

  messagingOperationType: ATTR_MESSAGING_OPERATION_TYPE,
  messagingConsumerGroup: ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  messagingMessageId: ATTR_MESSAGING_MESSAGE_ID,

  poolName: ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  poolState: ATTR_DB_CLIENT_CONNECTION_STATE,
} as const;

type AttributeName = (typeof ATTRIBUTE)[keyof typeof ATTRIBUTE];

/** What {@link METRIC} says of each metric. */
export interface Metric {
  name: `securemail.${string}` | `db.client.${string}`;
  instrument: 'counter' | 'histogram' | 'gauge';
  /** UCUM: seconds are `s`, and what is counted stands in braces. */
  unit: string;
  description: string;
  /** All that a value is told apart by. Each has few possible values: no tenant, no email, no address. */
  attributes: readonly AttributeName[];
  /** Of a histogram: the upper bounds of its buckets. */
  boundaries?: readonly number[];
}

/** Tells apart 1 and 10 seconds, 1, 5, 8 and 10 minutes. */
const AROUND_TEN_MINUTES = [
  0.5, 1, 2, 5, 8, 10, 15, 30, 45, 60, 90, 120, 240, 300, 420, 480, 540, 600, 660, 900, 1_800, 3_600,
];

/** Every metric. */
export const METRIC = {
  emailsAccepted: {
    name: 'securemail.emails.accepted',
    instrument: 'counter',
    unit: '{email}',
    description: 'Emails that are durable and ours.',
    attributes: [ATTRIBUTE.channel],
  },
  emailsErased: {
    name: 'securemail.emails.erased',
    instrument: 'counter',
    unit: '{email}',
    description:
      'Emails whose keys were destroyed: because they were kept for as long as their organisation keeps them (`retention`), or because a person wanted it (`request`).',
    attributes: [ATTRIBUTE.reason],
  },
  emailsRefused: {
    name: 'securemail.emails.refused',
    instrument: 'counter',
    unit: '{email}',
    description:
      'Mails that were handed in and not taken: at POST /v1/emails, or over SMTP, a refused connection, sender or recipient included.',
    attributes: [ATTRIBUTE.problem],
  },
  emailsUnreadable: {
    name: 'securemail.emails.unreadable',
    instrument: 'gauge',
    unit: '{email}',
    description:
      'Emails that can not be made findable, as what receipts keeps of their events was changed, in the last look; 0 at all replicas but one.',
    attributes: [],
  },
  emailsUnfindable: {
    name: 'securemail.emails.unfindable.age',
    instrument: 'gauge',
    unit: 's',
    description:
      'Since when the email that waits longest is not found by address, Message-ID or trace yet; 0 where none waits. Those that can not be made findable (`securemail.emails.unreadable`) do not count.',
    attributes: [],
  },
  mailboxesAsked: {
    name: 'securemail.mailboxes.asked',
    instrument: 'counter',
    unit: '{recipient}',
    description:
      'Own recipients, of mail from outside or looked up for who writes, by what is known of their mailbox, remembered answers included; `no-answer`: its server does not say, `not-asked`: so many were looked up at a time that it was not asked.',
    attributes: [ATTRIBUTE.outcome],
  },
  ledgerVerified: {
    name: 'securemail.ledger.verified',
    instrument: 'counter',
    unit: '{tile}',
    description: 'Tiles of ledgers, 256 events each or less, that were verified.',
    attributes: [],
  },
  ledgerFaults: {
    name: 'securemail.ledger.faults',
    instrument: 'counter',
    unit: '{fault}',
    description:
      'What was found that is not as it was recorded: a leaf, a tile, a checkpoint, or what receipts keeps of an event; again at each pass.',
    attributes: [ATTRIBUTE.reason],
  },
  ledgerBroken: {
    name: 'securemail.ledger.broken',
    instrument: 'gauge',
    unit: '{fault}',
    description:
      'The same as of now: what the last whole pass through each ledger found, and the one under way so far; a hundred of each ledger at most.',
    attributes: [ATTRIBUTE.reason],
  },
  ledgerAhead: {
    name: 'securemail.ledger.ahead',
    instrument: 'gauge',
    unit: 's',
    description:
      'How far the time of what the ledger recorded last is ahead of the clock of the database, of the ledger of which it is most; 0 where none is.',
    attributes: [],
  },
  attempts: {
    name: 'securemail.delivery.attempts',
    instrument: 'counter',
    unit: '{attempt}',
    description: 'Attempts to hand a message to a next hop, by what is recorded of them.',
    attributes: [ATTRIBUTE.outcome, ATTRIBUTE.smtpPhase, ATTRIBUTE.reason],
  },
  tlsReports: {
    name: 'securemail.delivery.tls_reports',
    instrument: 'counter',
    unit: '{report}',
    description: 'Reports of TLS sessions to other domains (RFC 8460), by what came of them.',
    attributes: [ATTRIBUTE.outcome],
  },
  filesChecked: {
    name: 'securemail.mailbox.files_checked',
    instrument: 'counter',
    unit: '{file}',
    description: 'Files of answers and letters that a scanner was to look into, by what it said of them.',
    attributes: [ATTRIBUTE.outcome],
  },
  guardFindings: {
    name: 'securemail.guards.findings',
    instrument: 'counter',
    unit: '{finding}',
    description: 'What guards found in mails that were handed in, by what was done about it.',
    attributes: [ATTRIBUTE.guard, ATTRIBUTE.guardAction],
  },
  recipientsPlanned: {
    name: 'securemail.recipients.planned',
    instrument: 'counter',
    unit: '{recipient}',
    description:
      'Recipients of sent mail, by the method that was chosen for them; `none` where there was none.',
    attributes: [ATTRIBUTE.protectionMethod],
  },
  methodsPassedOver: {
    name: 'securemail.methods.passed_over',
    instrument: 'counter',
    unit: '{recipient}',
    description: 'Recipients for whom a stronger method was not taken, by method and why.',
    attributes: [ATTRIBUTE.protectionMethod, ATTRIBUTE.reason],
  },
  recipientsHeld: {
    name: 'securemail.recipients.held',
    instrument: 'counter',
    unit: '{recipient}',
    description: 'Recipients who came to be held, by why.',
    attributes: [ATTRIBUTE.reason],
  },
  messagesProtected: {
    name: 'securemail.messages.protected',
    instrument: 'counter',
    unit: '{message}',
    description: 'Messages that were made for recipients: signed, and encrypted where the method does.',
    attributes: [ATTRIBUTE.protectionMethod],
  },
  messagesOpened: {
    name: 'securemail.messages.opened',
    instrument: 'counter',
    unit: '{message}',
    description: 'Mails from outside that were opened and verified, by the verdict on their signature.',
    attributes: [ATTRIBUTE.verdict],
  },
  promises: {
    name: 'securemail.promises',
    instrument: 'counter',
    unit: '{email}',
    description: 'Emails of which it is known whether a promise was kept: each once for each promise.',
    attributes: [ATTRIBUTE.promise, ATTRIBUTE.outcome],
  },
  emailsSettled: {
    name: 'securemail.emails.settled',
    instrument: 'counter',
    unit: '{email}',
    description:
      'Emails of which nothing more happens by itself, when that was so first, by how they stood: `sent` to all, `held` or `not-sent` for all, or sent to some and held for others (`partly-held`) or not sent to them (`partly-sent`).',
    attributes: [ATTRIBUTE.direction, ATTRIBUTE.outcome],
  },
  promiseDuration: {
    name: 'securemail.email.promise.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'From acceptance until the last recipient was sent to, of emails sent to all recipients.',
    attributes: [ATTRIBUTE.direction],
    boundaries: AROUND_TEN_MINUTES,
  },
  ownDuration: {
    name: 'securemail.email.own.duration',
    instrument: 'histogram',
    unit: 's',
    description:
      'The same without the times in which a mail server was waited for, or a person; of all emails, when they are settled first.',
    attributes: [ATTRIBUTE.direction],
    boundaries: AROUND_TEN_MINUTES,
  },
  rawDuration: {
    name: 'securemail.email.raw.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'From acceptance until nobody is under way or held any more, however it ended.',
    attributes: [ATTRIBUTE.direction],
    boundaries: [...AROUND_TEN_MINUTES, 14_400, 86_400, 259_200, 604_800],
  },
  deadlinesMissed: {
    name: 'securemail.deadlines.missed',
    instrument: 'counter',
    unit: '{email}',
    description: 'Emails that were not settled at their deadline.',
    attributes: [],
  },
  unfinished: {
    name: 'securemail.emails.unfinished',
    instrument: 'gauge',
    unit: '{email}',
    description: 'Emails that are under way or held, or whose receipt is under way, by what they wait for.',
    attributes: [ATTRIBUTE.stage],
  },
  oldestAge: {
    name: 'securemail.email.oldest.age',
    instrument: 'gauge',
    unit: 's',
    description:
      'Since when the one that waits longest does so, by what it waits for; 0 where none does. What is stuck is in no histogram.',
    attributes: [ATTRIBUTE.stage],
  },
  jobs: {
    name: 'securemail.delivery.jobs',
    instrument: 'gauge',
    unit: '{job}',
    description: 'Messages on their way to a next hop, those in hand included.',
    attributes: [ATTRIBUTE.jobStatus],
  },
  jobsWaiting: {
    name: 'securemail.delivery.waiting.age',
    instrument: 'gauge',
    unit: 's',
    description:
      'Age of the oldest message that waits for its next try and that nobody works on: for us (`none`), or for a place among those that one domain outside is brought at a time (`no-place`), which is up to its servers.',
    attributes: [ATTRIBUTE.reason],
  },
  vaultDuration: {
    name: 'securemail.vault.operation.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'How long the vault took for a content, until its last octet, by what came of it.',
    attributes: [ATTRIBUTE.vaultOperation, ATTRIBUTE.outcome],
    boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
  },
  poolConnections: {
    name: METRIC_DB_CLIENT_CONNECTION_COUNT,
    instrument: 'gauge',
    unit: '{connection}',
    description: 'Connections to the database, by whether somebody uses them.',
    attributes: [ATTRIBUTE.poolName, ATTRIBUTE.poolState],
  },
  poolMost: {
    name: METRIC_DB_CLIENT_CONNECTION_LIMIT,
    instrument: 'gauge',
    unit: '{connection}',
    description: 'Connections that there may be at most.',
    attributes: [ATTRIBUTE.poolName],
  },
  poolWaiting: {
    name: METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
    instrument: 'gauge',
    unit: '{request}',
    description: 'Who waits for a connection to the database.',
    attributes: [ATTRIBUTE.poolName],
  },
  webhookDeliveries: {
    name: 'securemail.webhooks.deliveries',
    instrument: 'counter',
    unit: '{attempt}',
    description: 'Attempts to tell a webhook something, by what came of them.',
    attributes: [ATTRIBUTE.outcome],
  },
  webhooksOldestAge: {
    name: 'securemail.webhooks.oldest.age',
    instrument: 'gauge',
    unit: 's',
    description: 'Age of the oldest thing that some webhook is still to be told; 0 where there is none.',
    attributes: [],
  },
  ownKeysEnding: {
    name: 'securemail.keys.ending',
    instrument: 'gauge',
    unit: '{name}',
    description:
      'Addresses and domains of ours whose key wants a successor, by why, as they were counted last.',
    attributes: [ATTRIBUTE.reason],
  },
  certificates: {
    name: 'securemail.certificates',
    instrument: 'gauge',
    unit: '{entry}',
    description: 'Entries of the certificate directory, of all organisations, as they were counted last.',
    attributes: [ATTRIBUTE.certificateState],
  },
  ownCertificates: {
    name: 'securemail.tls.certificate.remaining',
    instrument: 'gauge',
    unit: 's',
    description:
      'Until the end of the certificate that we prove ourselves with, at the ports of intake (`smtp`, `inbound`) and to own mail servers (`clientCertificate`): of the one that ends first in each place. Below 0: since when it has ended.',
    attributes: [ATTRIBUTE.tlsPlace],
  },
  tlsFailures: {
    name: 'securemail.tls.failures',
    instrument: 'counter',
    unit: '{connection}',
    description:
      'Connections to a port of intake on which TLS was begun and not agreed on, by why: `certificate-refused` says who connects, `no-tls` is something else than TLS, `broken-off` nothing more was heard.',
    attributes: [ATTRIBUTE.tlsPlace, ATTRIBUTE.reason],
  },
  gaugesUnread: {
    name: 'securemail.gauges.unread',
    instrument: 'counter',
    unit: '{read}',
    description:
      'Gauges that could not be read when metrics were collected, as what they are read from does not answer; they have no value then.',
    attributes: [ATTRIBUTE.metric],
  },
  deadLetters: {
    name: 'securemail.event_log.dead_letters',
    instrument: 'gauge',
    unit: '{event}',
    description: 'Events that a service could not handle yet.',
    attributes: [ATTRIBUTE.service, ATTRIBUTE.deadLetterStatus],
  },
  eventLogLag: {
    name: 'securemail.event_log.lag',
    instrument: 'gauge',
    unit: '{event}',
    description: 'Events known to wait for a part of a service, those in hand included.',
    attributes: [ATTRIBUTE.service, ATTRIBUTE.eventLogPart],
  },
} as const satisfies Record<string, Metric>;
