// SPDX-License-Identifier: Apache-2.0
import {
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  ATTR_KAFKA_OFFSET,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions/incubating';

/**
 * Every name of a span attribute or metric that is ours or not yet stable. `securemail.*` is ours; `smtp.*` fills a gap
 * of OpenTelemetry's semantic conventions; `messaging.*` follows theirs, which may still change.
 * None may hold content, a subject, a full address or a key.
 */
export const ATTRIBUTE = {
  /** UUIDv7 of the email: finds its whole way. */
  emailId: 'securemail.email.id',
  tenantId: 'securemail.tenant.id',
  /** `r1`, `r2`, …: a recipient without its address. */
  recipientId: 'securemail.recipient.id',
  /** `m1`, `m2`, …, or `receipt`. */
  protectedMessageId: 'securemail.protected_message.id',
  attemptId: 'securemail.attempt.id',
  /** `internal`, `smime-personal`, … (contracts: PROTECTION_METHODS). */
  protectionMethod: 'securemail.protection.method',
  /** `rest`, `submission` or `relay`. */
  channel: 'securemail.channel',
  recipientCount: 'securemail.recipient.count',
  /** Octets. */
  contentSize: 'securemail.content.size',
  eventName: 'securemail.event.name',
  eventVersion: 'securemail.event.version',
  /** What an attempt came to: `delivered`, `deferred`, `bounced`, `unknown`. */
  outcome: 'securemail.outcome',

  /** Where in the dialogue (RFC 5321 §3): `connect`, `greeting`, `ehlo`, `starttls`, `mail-from`, `rcpt-to`, … */
  smtpPhase: 'smtp.phase',
  /** RFC 5321 §4.2, such as 250. */
  smtpReplyCode: 'smtp.reply.code',
  /** RFC 3463, such as `5.1.1`. */
  smtpEnhancedCode: 'smtp.reply.enhanced_code',
  /** Whether STARTTLS (RFC 3207) is in use. */
  smtpTls: 'smtp.tls',

  messagingSystem: ATTR_MESSAGING_SYSTEM_NAME,
  messagingOperationName: ATTR_MESSAGING_OPERATION_NAME,
  messagingOperationType: ATTR_MESSAGING_OPERATION_TYPE,
  messagingDestination: ATTR_MESSAGING_DESTINATION_NAME,
  messagingPartition: ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  messagingOffset: ATTR_KAFKA_OFFSET,
  messagingConsumerGroup: ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  messagingMessageId: ATTR_MESSAGING_MESSAGE_ID,
} as const;

/** Durations are in seconds, sizes in octets, as semantic conventions ask. */
export const METRIC = {
  emailsAccepted: 'securemail.emails.accepted',
  emailsRefused: 'securemail.emails.refused',
  /** Ours: from acceptance until handed over, the waiting of the remote side excluded. */
  ownDuration: 'securemail.email.own.duration',
  /** The promise: from acceptance until sent. */
  promiseDuration: 'securemail.email.promise.duration',
  /** Age of the oldest email that is not sent yet: what is stuck never reaches a histogram. */
  oldestAge: 'securemail.email.oldest.age',
  attempts: 'securemail.delivery.attempts',
  deadLetters: 'securemail.event_log.dead_letters',
  consumerLag: 'securemail.event_log.lag',
} as const;
