// SPDX-License-Identifier: Apache-2.0
import { Address, domainOf } from '@securemail/contracts';
import { DkimSettings, HttpSettings, isWithin, label, PlatformSettings } from '@securemail/service';
import { z } from 'zod';

/** Reports of TLS sessions to the domains that ask for them (RFC 8460). They tell a domain that this gateway writes to it. */
export const TlsReportSettings = z
  .strictObject({
    /** Who reports, as it stands in each report. */
    organizationName: label(120),
    /** Whom to ask about a report; mailed reports come from it. */
    contact: Address.refine((address) => /^[\x21-\x7e]+$/.test(address), 'in ASCII'),
    /** Signs mailed reports; without it they go out over https alone. */
    dkim: DkimSettings.optional(),
  })
  .refine(
    ({ contact, dkim }) => dkim === undefined || isWithin(domainOf(contact), dkim.domain),
    '`contact` must be at the domain that signs, or below it (RFC 8460 §5.3)',
  );
export type TlsReportSettings = z.infer<typeof TlsReportSettings>;

export const DeliverySettings = z.strictObject({
  /** Probes only. */
  http: HttpSettings.optional(),
  /** The name given in EHLO. */
  hostname: z.string().min(1).default('securemail.localhost'),
  /** Attempts under way at once that servers have greeted: in all to the outside, and as many to own servers; and to one domain. */
  concurrency: z.int().min(1).default(100),
  perDomainConcurrency: z.int().min(1).default(5),
  /** Seconds from each attempt to the next; the last one goes on. */
  retrySeconds: z.array(z.number().positive()).min(1).default([60, 120, 240, 480, 900, 1_800, 3_600]),
  giveUpAfterHours: z.number().positive().default(48),
  /** Until a server is found in DNS and connected to. */
  connectTimeoutSeconds: z.number().positive().default(30),
  /** Silence on an open connection: the greeting, TLS, each reply. RFC 5321 §4.5.3.2 asks for minutes. What drips has a limit in all (`time-limit.ts`). */
  replyTimeoutSeconds: z.number().positive().default(300),
  /** The wait for the answer to the final dot (RFC 5321 §4.5.3.2.6); after it nobody knows whether the mail arrived. */
  finalDotTimeoutSeconds: z.number().positive().default(600),
  /** How long a connection waits for the next mail to the same server; 0: each mail has one of its own. */
  idleConnectionSeconds: z.number().min(0).max(60).default(5),
  /** A worker that has died is stood in for after so long. */
  leaseSeconds: z.number().min(1).default(30),
  /** Off without it. */
  tlsReports: TlsReportSettings.optional(),
});
export type DeliverySettings = z.infer<typeof DeliverySettings>;

export const Settings = PlatformSettings.extend({
  delivery: DeliverySettings.default(() => DeliverySettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Inject the JobWorker and the MailboxDirectory. */
export const JOB_WORKER = Symbol('JobWorker');
export const MAILBOX_DIRECTORY = Symbol('MailboxDirectory');
