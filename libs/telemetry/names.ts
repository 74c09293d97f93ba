// SPDX-License-Identifier: Apache-2.0
import {
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_TLS_CIPHER,
  ATTR_TLS_PROTOCOL_VERSION,
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
  /** What an attempt came to: `delivered`, `refused`, `deferred`, `unknown`, or `mixed` where recipients differ; of a TLS report: `reported`, `no-record`, `failed`; of a mailbox that is asked for: `known`, `unknown`, `no-answer`. */
  outcome: 'securemail.outcome',
  /** What carries events: `relay`, `consumer` or `retries`. */
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
} as const;

type AttributeName = (typeof ATTRIBUTE)[keyof typeof ATTRIBUTE];

/** What {@link METRIC} says of each metric. */
export interface Metric {
  name: `securemail.${string}`;
  instrument: 'counter' | 'histogram' | 'gauge';
  /** UCUM: seconds are `s`, and what is counted stands in braces. */
  unit: string;
  description: string;
  /** All that a value is told apart by. Each has few possible values: no tenant, no email, no address. */
  attributes: readonly AttributeName[];
  /** Of a histogram: the upper bounds of its buckets. */
  boundaries?: readonly number[];
}

/** Every metric. */
export const METRIC = {
  emailsAccepted: {
    name: 'securemail.emails.accepted',
    instrument: 'counter',
    unit: '{email}',
    description: 'Emails that are durable and ours.',
    attributes: [ATTRIBUTE.channel],
  },
  emailsRefused: {
    name: 'securemail.emails.refused',
    instrument: 'counter',
    unit: '{email}',
    description:
      'Mails that were handed in and not taken: at POST /v1/emails, or over SMTP, a refused connection, sender or recipient included.',
    attributes: [ATTRIBUTE.problem],
  },
  mailboxesAsked: {
    name: 'securemail.mailboxes.asked',
    instrument: 'counter',
    unit: '{recipient}',
    description:
      'Recipients of mail from outside, by what is known of their mailbox, remembered answers included.',
    attributes: [ATTRIBUTE.outcome],
  },
  attempts: {
    name: 'securemail.delivery.attempts',
    instrument: 'counter',
    unit: '{attempt}',
    description: 'Attempts to hand a message to a next hop, by what is recorded of them.',
    attributes: [ATTRIBUTE.outcome, ATTRIBUTE.smtpPhase],
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
  promiseDuration: {
    name: 'securemail.email.promise.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'From acceptance until the last recipient was sent to, of emails sent to all recipients.',
    attributes: [],
    boundaries: [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600],
  },
  deadlinesMissed: {
    name: 'securemail.deadlines.missed',
    instrument: 'counter',
    unit: '{email}',
    description: 'Emails that were not settled at their deadline.',
    attributes: [],
  },
  oldestAge: {
    name: 'securemail.email.oldest.age',
    instrument: 'gauge',
    unit: 's',
    description:
      'Age of the oldest email that is not settled; 0 where all are. What is stuck is in no histogram.',
    attributes: [],
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
  certificates: {
    name: 'securemail.certificates',
    instrument: 'gauge',
    unit: '{entry}',
    description: 'Entries of the certificate directory, of all organisations, as they were counted last.',
    attributes: [ATTRIBUTE.certificateState],
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
