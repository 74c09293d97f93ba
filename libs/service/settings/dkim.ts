// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Domain } from './domain.ts';

/** A key that signs mail for a domain (RFC 6376). */
export const DkimSettings = z.strictObject({
  domain: Domain,
  /** Where its public half stands: `<selector>._domainkey.<domain>`. */
  selector: z.string().regex(/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i, 'letters, digits, ".", "_" and "-"'),
  /** PEM file of a private key, RSA or Ed25519. */
  keyFile: z.string().min(1),
});
export type DkimSettings = z.infer<typeof DkimSettings>;
