// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import { z } from 'zod';
import { LedgerSettings } from './ledger/settings.ts';

/** How webhooks are told. */
export const WebhookSettings = z.strictObject({
  /** How often is looked for what is to be told again, milliseconds. */
  pollMs: z.int().min(10).default(1_000),
  /** For each try. */
  timeoutSeconds: z.number().positive().max(60).default(10),
  /** Before the second try; each further wait is twice as long, an hour at most, and half of it is chance. */
  firstRetrySeconds: z.number().positive().default(5),
  giveUpAfterHours: z.number().positive().max(168).default(24),
  /** A webhook to which nothing got through for so long is disabled; a time when nothing was to be told does not count. */
  disableAfterHours: z.number().positive().default(120),
  /** How long deliveries can be listed and repeated. */
  keepDays: z.number().positive().max(366).default(30),
  /** Whether a webhook may be told over HTTP without TLS. */
  allowHttp: z.boolean().default(false),
  /** Networks that are not public and in which a webhook may be all the same: addresses, or ranges in CIDR notation. */
  allowNetworks: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).default([]),
  /** PEM file of the authorities that webhooks are trusted by; without it, the system's. */
  caFile: z.string().min(1).optional(),
});

export const ReceiptsSettings = z.strictObject({
  http: HttpSettings.optional(),
  /** How often settled and overdue emails are looked for, milliseconds. */
  watchMs: z.int().min(10).default(500),
  /** While somebody is under way, it is waited so long after the first hold or decision for more to tell, before the sender is told. */
  gatherSeconds: z.number().nonnegative().max(30).default(5),
  /** So long after acceptance the sender is told that somebody is not settled yet; with the deadline where that is sooner. */
  interimAfterMinutes: z.number().positive().default(8),
  /** So many receipts are mailed to one person about the same recipients without an hour's pause, and then one an hour. */
  mostInARow: z.int().min(1).default(50),
  /** When digests are sent to those who want them. */
  digest: z
    .strictObject({
      everyHours: z.number().positive().max(168).default(24),
      /** Of UTC. */
      atHour: z.number().min(0).lt(24).default(15),
    })
    .default({ everyHours: 24, atHour: 15 }),
  /** Signs receipts for systems; without it there are none. */
  signing: z
    .strictObject({
      /** PEM file of a private key for Ed25519 or on P-256, its owner's alone. */
      keyFile: z.string().min(1),
      /** PEM files of public keys that signed before, and by which older receipts are still to be verified. */
      formerKeyFiles: z.array(z.string().min(1)).max(20).default([]),
    })
    .optional(),
  ledger: LedgerSettings.optional(),
  /** When is looked for what organisations keep for no longer. */
  retention: z
    .strictObject({ everyMinutes: z.number().positive().max(1_440).default(60) })
    .default({ everyMinutes: 60 }),
  webhooks: WebhookSettings.default(() => WebhookSettings.parse({})),
});
export type ReceiptsSettings = z.infer<typeof ReceiptsSettings>;

export const Settings = PlatformSettings.extend({
  receipts: ReceiptsSettings.default(() => ReceiptsSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Injects the Watch. */
export const WATCH = Symbol('Watch');
/** Injects the WebhookWorker. */
export const WEBHOOK_WORKER = Symbol('WebhookWorker');
/** Injects the TargetRules of webhooks. */
export const TARGET_RULES = Symbol('TargetRules');
/** Injects the ReceiptsSettings. */
export const RECEIPTS_SETTINGS = Symbol('ReceiptsSettings');
/** Injects the ReceiptSigner. */
export const RECEIPT_SIGNER = Symbol('ReceiptSigner');
