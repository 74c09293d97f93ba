// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, Network, PlatformSettings } from '@securemail/service';
import { z } from 'zod';

/** Exchange Online's limit for a message, octets. */
const LARGEST_MESSAGE = 150 * 1024 * 1024;

/** For each network (IPv4 /24, IPv6 /64) that mail servers of others connect from. */
const InboundLimits = z.strictObject({
  /** At the same time. */
  connections: z.int().min(1).default(20),
  mailsPerMinute: z.int().min(1).default(300),
  /** Who asks for more mailboxes that nobody has is trying out names. */
  unknownRecipientsPerHour: z.int().min(1).default(100),
});
export type InboundLimits = z.infer<typeof InboundLimits>;

export const IntakeSettings = z.strictObject({
  /** The name this gateway gives itself in `Received` fields and SMTP greetings. */
  hostname: z.string().min(1).default('securemail.localhost'),
  http: HttpSettings.optional(),
  smtp: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      /** 0: any free one. */
      port: z.int().min(0).max(65_535),
      /** PEM files of the certificate (with its chain) and key for STARTTLS, without which no mail is taken. */
      certFile: z.string().min(1),
      keyFile: z.string().min(1),
      maxConnections: z.int().min(1).default(200),
    })
    .optional(),
  /** Where mail servers of others hand in mail for own mailboxes: what MX records, or a filter, lead to. */
  inbound: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      /** 0: any free one. */
      port: z.int().min(0).max(65_535),
      /** PEM files of the certificate (with its chain) and key for STARTTLS. */
      certFile: z.string().min(1),
      keyFile: z.string().min(1),
      maxConnections: z.int().min(1).default(200),
      /** How long DNS may take for SPF, DKIM, DMARC and ARC, once a mail is there; then nothing is known. */
      authenticationTimeoutSeconds: z.number().positive().max(120).default(20),
      /** How long own mail servers may take to say whether they have a mailbox; then the mail is taken. */
      recipientTimeoutSeconds: z.number().positive().max(60).default(10),
      limits: InboundLimits.default(() => InboundLimits.parse({})),
      /** Filters in front of this gateway: no limits hold for them, and their newest Received field names the client for SPF. */
      trustedNetworks: z.array(Network).default([]),
    })
    .optional(),
  /** Octets of one message, whichever way it comes. */
  maxMessageBytes: z.int().min(1_024).max(LARGEST_MESSAGE).default(LARGEST_MESSAGE),
  /** Octets of a request in JSON, which is held in memory; larger mail comes as message/rfc822. */
  maxJsonBytes: z
    .int()
    .min(1_024)
    .default(35 * 1024 * 1024),
  /** Octets of all requests in JSON that are under way in this process; the memory that they need is several times that. */
  maxJsonBytesAtOnce: z
    .int()
    .min(1_024)
    .default(128 * 1024 * 1024),
  maxRecipients: z.int().min(1).max(10_000).default(1_000),
  /** How content is looked into for the rules of `guards.sensitiveContent`: in processes of their own. */
  scanning: z
    .strictObject({
      /** Mails at the same time. */
      processes: z.int().min(1).max(32).default(1),
      /** For one mail; then what was not read counts as unread. */
      timeoutSeconds: z.number().positive().max(120).default(30),
    })
    .default({ processes: 1, timeoutSeconds: 30 }),
  /** The promise: from acceptance to sent, minutes. */
  deadlineMinutes: z.number().positive().default(10),
});
export type IntakeSettings = z.infer<typeof IntakeSettings>;

export const Settings = PlatformSettings.extend({
  intake: IntakeSettings.default(() => IntakeSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Injects {@link IntakeSettings}. */
export const INTAKE_SETTINGS = Symbol('IntakeSettings');

/** Injects GuardSources. */
export const GUARD_SOURCES = Symbol('GuardSources');
