// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { Problem, type Platform, type Tenant } from '@securemail/service';
import { messageOfLink, type StoredMessage } from '../adapters/messages.ts';
import { digestOf, isToken } from '../adapters/secrets.ts';

type WithMailbox = Tenant & { mailbox: NonNullable<Tenant['mailbox']> };

/** @throws Problem `not-found` where there is none of that id, or it has no SecureMailBox. */
export function requireOrganisation(id: string, { tenants }: Pick<Platform, 'tenants'>): WithMailbox {
  const read = TenantId.safeParse(id);
  const tenant = read.success ? tenants.get(read.data) : undefined;
  const mailbox = tenant?.mailbox;
  if (tenant === undefined || mailbox === undefined)
    throw new Problem('not-found', 'No organisation here is called so.');
  return { ...tenant, mailbox };
}

/** @throws Problem `link-not-found`, or `mailbox-message-ended` */
export async function followLink(
  link: string,
  { pool, tenants }: Pick<Platform, 'pool' | 'tenants'>,
  now: Date,
): Promise<{ message: StoredMessage; tenant: WithMailbox }> {
  const message = isToken(link) ? await messageOfLink(pool, digestOf(link)) : null;
  const tenant = message === null ? undefined : tenants.get(message.tenantId);
  const mailbox = tenant?.mailbox;
  if (message === null || tenant === undefined || mailbox === undefined)
    throw new Problem('link-not-found', 'Is it as it stands in the mail, to its end?');
  if (message.endsAt <= now) throw new Problem('mailbox-message-ended', 'Its time is over.');
  return { message, tenant: { ...tenant, mailbox } };
}
