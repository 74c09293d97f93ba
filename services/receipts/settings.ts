// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import { z } from 'zod';

export const ReceiptsSettings = z.strictObject({
  http: HttpSettings.optional(),
  /** How often settled and overdue emails are looked for, milliseconds. */
  watchMs: z.int().min(10).default(500),
  /** So long after acceptance the sender is told that somebody is not settled yet; with the deadline where that is sooner. */
  interimAfterMinutes: z.number().positive().default(8),
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
});
export type ReceiptsSettings = z.infer<typeof ReceiptsSettings>;

export const Settings = PlatformSettings.extend({
  receipts: ReceiptsSettings.default(() => ReceiptsSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** Injects the Watch. */
export const WATCH = Symbol('Watch');
/** Injects the ReceiptSigner. */
export const RECEIPT_SIGNER = Symbol('ReceiptSigner');
