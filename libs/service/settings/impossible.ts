// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';

export interface Impossible {
  path: string;
  message: string;
}

/** What there is in an organisation besides its settings. */
export interface There {
  /** Whether a key signs for anybody whom the settings are about. */
  signs: boolean;
  mailbox: boolean;
}

const OTHERS = ['smime-personal', 'smime-domain', 'tls'] as const;

/**
 * Why nothing could ever be sent to anybody outside, though each setting is a good one. SecureMailBox takes all that is
 * left to it; without it, and without `tls`, all is signed, and there may be no key that signs.
 */
export function impossible(
  { forbiddenMethods }: { forbiddenMethods: readonly ProtectionMethod[] },
  { signs, mailbox }: There,
): Impossible[] {
  if (mailbox && !forbiddenMethods.includes('mailbox')) return [];
  const why = OTHERS.every((method) => forbiddenMethods.includes(method))
    ? `all of ${OTHERS.join(', ')} are forbidden, and ${mailbox ? 'mailbox, too' : 'there is no SecureMailBox'}`
    : !signs && forbiddenMethods.includes('tls')
      ? 'without "tls" every mail is signed, and no key here signs for this sender'
      : null;
  if (why === null) return [];
  return [{ path: 'forbiddenMethods', message: `nothing could ever be sent to anybody outside: ${why}` }];
}
