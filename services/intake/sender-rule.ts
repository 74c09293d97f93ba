// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { maySendAs, type Principal } from '@securemail/service';
import { authorsAllowed } from './domain/authors.ts';

/**
 * Whether the holder of a key may hand in a mail: as its envelope's sender, and as everyone whom its reader will see as
 * an author. The same over REST and SMTP.
 */
export const senderRule =
  (principal: Pick<Principal, 'senders'>) =>
  (mailFrom: Address, header: Header): boolean =>
    maySendAs(principal, mailFrom) && authorsAllowed(header, (author) => maySendAs(principal, author));
