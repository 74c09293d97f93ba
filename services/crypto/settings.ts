// SPDX-License-Identifier: Apache-2.0
import { HttpSettings, PlatformSettings } from '@securemail/service';
import type { Choosing } from '@securemail/smime';
import { z } from 'zod';

const isLoopback = (url: string) => /^ldap:\/\/(localhost|127\.[0-9.]+|\[::1\])([:/]|$)/i.test(url);

/** A directory of certificates over LDAP. */
export const LdapSettings = z
  .strictObject({
    /** `ldaps://host`, or `ldap://host`, which is then made TLS by StartTLS. */
    url: z.string().regex(/^ldaps?:\/\/[^/?#@\s]+\/?$/, 'an address such as ldaps://ldap.example'),
    /** Only to a server on this machine it may be left out. */
    startTls: z.boolean().default(true),
    /** Below which people are looked for. */
    baseDn: z.string(),
    /** Which holds their addresses. */
    mailAttribute: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'the name of an attribute')
      .default('mail'),
    /** Without it, nobody in particular asks. */
    bindDn: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    /** PEM file of the authorities to trust for it; without it, the system's. */
    caFile: z.string().min(1).optional(),
    /** For all that is asked for one email. */
    timeoutMs: z.int().min(100).max(60_000).default(5_000),
    /** How long an answer is remembered, and how long that there was none. */
    cacheSeconds: z.int().min(0).max(86_400).default(3_600),
    notFoundSeconds: z.int().min(0).max(86_400).default(300),
  })
  .superRefine(({ url, startTls }, context) => {
    if (startTls || url.startsWith('ldaps:') || isLoopback(url)) return;
    const message = 'true: in clear only a server on this machine is asked';
    context.addIssue({ code: 'custom', path: ['startTls'], message });
  });
export type LdapSettings = z.output<typeof LdapSettings>;

/** Certificates that DNSSEC proves (SMIMEA, RFC 8162); asked for only where `outside.dns` names who validates. */
export const SmimeaSettings = z.strictObject({
  use: z.boolean().default(true),
  /** How long an answer is remembered at most, and how long that there was none; never longer than DNS says. */
  cacheSeconds: z.int().min(0).max(86_400).default(3_600),
  notFoundSeconds: z.int().min(0).max(86_400).default(300),
});
export type SmimeaSettings = z.output<typeof SmimeaSettings>;

export const CryptoSettings = z.strictObject({
  /** Held mail, the directory of certificates for administrators, and the probes. */
  http: HttpSettings.optional(),
  /** How it names itself to own mail servers, which it asks whether they have a mailbox (EHLO, RFC 5321 §4.1.1.1). */
  hostname: z.string().min(1).default('securemail.localhost'),
  /** The folder of certificates and keys; its layout is in services/crypto/README.md. */
  directory: z.string().min(1),
  /** How often the folder is looked at for changes, seconds. */
  rereadSeconds: z.int().min(1).default(10),
  /** So long after its acceptance an email waits where DNS or a policy host does not answer; then it is held. */
  lookupPatienceSeconds: z.number().min(0).max(540).default(180),
  /** How often is looked whether the time to decide about held mail is over. */
  holdWatchSeconds: z.number().positive().default(60),
  /**
   * How to encrypt for those whose certificates do not say what they read (RFC 4262); `aes-128-cbc` only for partners
   * that insist.
   */
  contentEncryption: z.enum(['aes-256-cbc', 'aes-128-cbc']).default('aes-256-cbc'),
  /** A token with keys that sign; their certificates lie in the folder. Without it, all keys lie in files. */
  pkcs11: z
    .strictObject({
      /** Path of the token's shared library. */
      module: z.string().min(1),
      tokenLabel: z.string().min(1),
      pinFile: z.string().min(1),
    })
    .optional(),
  /** Asked for people of whom no certificate is known here that can be used. */
  ldap: z.array(LdapSettings).max(10).default([]),
  /** How mail from outside is opened. */
  opening: z
    .strictObject({
      /** What is too weak to be believed, or opened, unless it stands here. */
      legacy: z.array(z.enum(['md5', 'sha1', '3des'])).default([]),
      /** Whether OCSP responders and lists on private addresses are asked, too: for an authority of your own. */
      privateHosts: z.boolean().default(false),
      /** Whether certificates of who signed validly are kept, to encrypt for. */
      harvest: z.boolean().default(true),
    })
    .default({ legacy: [], privateHosts: false, harvest: true }),
  /**
   * How often authorities are asked whether certificates that would be used were revoked, hours; 0: only by hand.
   * About what LDAP or DNS gives they are asked for an email, where the last answer is older.
   */
  revocationCheckHours: z.number().min(0).max(168).default(24),
  /** Asked for the same people. */
  smimea: SmimeaSettings.default(() => SmimeaSettings.parse({})),
});
export type CryptoSettings = z.infer<typeof CryptoSettings>;

/** How encryption is chosen for a certificate that does not say what its holder reads. */
export const choosingOf = ({ contentEncryption }: CryptoSettings): Choosing => ({
  strangersRead: [contentEncryption],
});

export const Settings = PlatformSettings.extend({ crypto: CryptoSettings });
export type Settings = z.infer<typeof Settings>;

/** Inject {@link CryptoSettings}, a function that gives the directory as it is now, and TlsPolicies. */
export const CRYPTO_SETTINGS = Symbol('CryptoSettings');
export const DIRECTORY = Symbol('Directory');
export const TLS_POLICIES = Symbol('TlsPolicies');

/** Injects what asks directories over LDAP, or null. */
export const LDAP = Symbol('Ldap');

/** Injects the ForwardingDirectory. */
export const FORWARDINGS = Symbol('Forwardings');
export const OWN_MAILBOXES = Symbol('OwnMailboxes');

/** Injects the RevocationChecker. */
export const REVOCATION = Symbol('Revocation');

/** Injects what asks DNS for certificates, or null. */
export const SMIMEA = Symbol('Smimea');
