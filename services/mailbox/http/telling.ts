// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import { coloursOf, type Platform } from '@securemail/service';
import type { Logos } from '../adapters/logos.ts';
import { listed } from '../domain/contacts.ts';
import { followLink } from './found.ts';
import { contactsNow, requireOrganisation, type WithMailbox } from '../organisations.ts';

/** What anybody is told before he signs in: the same by a call and in a page that comes with it. */
export interface Telling {
  platform: Platform;
  logos: Logos;
}

/** @throws Problem `not-found` */
export function tellOrganisation(id: string, { platform, logos }: Telling) {
  const tenant = requireOrganisation(id, platform);
  const { look } = tenant.mailbox;
  return {
    ...view(tenant),
    colours: coloursOf(look),
    logo: logos.has(tenant.id) ? `/mailbox/v1/organisations/${tenant.id}/logo` : null,
    logoSize: logos.get(tenant.id)?.size ?? null,
    takesMessages: contactsNow(tenant, platform).size > 0,
    texts: look.texts,
  };
}

/** Nobody where the organisation takes no messages here. @throws Problem `not-found` */
export function tellContacts(id: string, language: Language | undefined, { platform }: Telling) {
  const tenant = requireOrganisation(id, platform);
  return { contacts: listed(contactsNow(tenant, platform), language ?? tenant.language) };
}

/** Nothing is sent or noted: scanners follow links, too. @throws Problem `link-not-found`, `mailbox-message-ended` */
export async function tellLink(link: string, { platform }: Telling, now: Date) {
  const { message, tenant } = await followLink(link, platform, now);
  return { organisation: view(tenant), endsAt: message.endsAt.toISOString() };
}

const view = ({ id, name, language, mailbox }: WithMailbox) => ({
  id,
  name,
  language,
  keepDays: mailbox.keepDays,
  passwords: mailbox.passwords,
  openIdConnect: mailbox.openIdConnect && { name: mailbox.openIdConnect.name },
});
