// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** How a mail may leave, strongest first. No other way out exists (docs/architecture.md). */
export const PROTECTION_METHODS = ['internal', 'smime-personal', 'smime-domain', 'tls', 'mailbox'] as const;

export const ProtectionMethod = z.enum(PROTECTION_METHODS);
export type ProtectionMethod = z.infer<typeof ProtectionMethod>;

/** Methods whose messages are given to mail servers. */
export const SmtpMethod = ProtectionMethod.exclude(['mailbox']);
export type SmtpMethod = z.infer<typeof SmtpMethod>;

/** Which servers such a message goes to, and whether it is encrypted itself or by its way alone. */
export const SMTP_METHODS: Readonly<Record<SmtpMethod, { ownServers: boolean; encrypted: boolean }>> = {
  internal: { ownServers: true, encrypted: false },
  'smime-personal': { ownServers: false, encrypted: true },
  'smime-domain': { ownServers: false, encrypted: true },
  tls: { ownServers: false, encrypted: false },
};
