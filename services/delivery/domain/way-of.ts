// SPDX-License-Identifier: Apache-2.0
import { SMTP_METHODS, type DomainEvent } from '@securemail/contracts';

/** How a message goes to mail servers; null: it never does, for SecureMailBox keeps it. */
export function wayOf(event: DomainEvent<'EmailProtected' | 'EmailOpened'>) {
  if (event.name === 'EmailOpened') return SMTP_METHODS.internal;
  const { method } = event.data;
  return method === 'mailbox' ? null : SMTP_METHODS[method];
}
