// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import type { Choosing } from '@securemail/smime';
import { z } from 'zod';

export const CryptoSettings = z.strictObject({
  /** The directory of certificates for administrators, and the probes. */
  http: HttpSettings.optional(),
  /** The folder of certificates and keys; its layout is in services/crypto/README.md. */
  directory: z.string().min(1),
  /** How often the folder is looked at for changes, seconds. */
  rereadSeconds: z.int().min(1).default(10),
  /**
   * How to encrypt for those whose certificates do not say what they read (RFC 4262); `aes-128-cbc` only for partners
   * that insist.
   */
  contentEncryption: z.enum(['aes-256-cbc', 'aes-128-cbc']).default('aes-256-cbc'),
});
export type CryptoSettings = z.infer<typeof CryptoSettings>;

/** How encryption is chosen for a certificate that does not say what its holder reads. */
export const choosingOf = ({ contentEncryption }: CryptoSettings): Choosing => ({
  strangersRead: [contentEncryption],
});

export const Settings = PlatformSettings.extend({ crypto: CryptoSettings });
export type Settings = z.infer<typeof Settings>;

/** Inject {@link CryptoSettings}, and a function that gives the directory as it is now. */
export const CRYPTO_SETTINGS = Symbol('CryptoSettings');
export const DIRECTORY = Symbol('Directory');
