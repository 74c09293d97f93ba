// SPDX-License-Identifier: Apache-2.0
import { newEventId } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';

/** A new one for a mail of SecureMailBox (RFC 5322 §3.6.4). */
export const messageIdIn = ({ domains }: Pick<Tenant, 'domains'>): string =>
  `<${newEventId()}@${domains[0] ?? 'localhost'}>`;
