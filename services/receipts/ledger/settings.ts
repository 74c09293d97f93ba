// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** By which checkpoints of the ledgers are signed; without it they are kept, and proven to nobody. */
export const LedgerSettings = z.strictObject({
  /** What the ledgers are called; `/` and the organisation's id come after (C2SP tlog-checkpoint: a URL without its scheme). */
  origin: z
    .string()
    .regex(
      /^[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._~-]+)*$/,
      'a host, and a path: audit.example.org/securemail',
    )
    .max(200),
  /** PEM file of a private key for Ed25519, its owner's alone. */
  keyFile: z.string().min(1),
  /** PEM files of public keys that signed before. */
  formerKeyFiles: z.array(z.string().min(1)).max(20).default([]),
  /** So often what was recorded meanwhile is signed. */
  checkpointSeconds: z.number().positive().max(3_600).default(10),
  /** So long it rests after it was verified from its beginning to its end. */
  verifyEveryMinutes: z.number().positive().max(10_080).default(60),
});
export type LedgerSettings = z.infer<typeof LedgerSettings>;
