// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent, RecipientId } from '@securemail/contracts';
import type { Tenant } from '@securemail/service';

/** Where the sender takes back what lies in SecureMailBox, by the newest deposit for each recipient. */
export function takeBackLinksIn(
  events: readonly DomainEvent[],
  { mailbox }: Pick<Tenant, 'mailbox'>,
): ReadonlyMap<RecipientId, string> {
  const links = new Map<RecipientId, string>();
  if (mailbox === undefined) return links;
  for (const event of events) {
    if (event.name !== 'MailboxMessageDeposited') continue;
    const secret = event.personal?.takeBack ?? null;
    for (const id of event.data.recipientIds)
      if (secret !== null) links.set(id, `${mailbox.url}/mailbox/back/${secret}`);
  }
  return links;
}
