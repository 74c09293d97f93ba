// SPDX-License-Identifier: Apache-2.0
import { TenantId, type Language } from '@securemail/contracts';
import { coloursOf, Problem, type Contact, type Platform, type Tenant } from '@securemail/service';
import { contactsOf } from './domain/contacts.ts';
import type { MailLook } from './domain/page.ts';

export type WithMailbox = Tenant & { mailbox: NonNullable<Tenant['mailbox']> };

export const hasMailbox = (tenant: Tenant | undefined): tenant is WithMailbox =>
  tenant?.mailbox !== undefined;

/** @throws Problem `not-found` where there is none of that id, or it has no SecureMailBox. */
export function requireOrganisation(id: string, { tenants }: Pick<Platform, 'tenants'>): WithMailbox {
  const read = TenantId.safeParse(id);
  const tenant = read.success ? tenants.get(read.data) : undefined;
  if (!hasMailbox(tenant)) throw new Problem('not-found', 'No organisation here is called so.');
  return tenant;
}

/** Whom one can write to there now. */
export const contactsNow = (
  tenant: Tenant,
  { policies }: Pick<Platform, 'policies'>,
): ReadonlyMap<string, Contact> => contactsOf(policies.of(tenant, null), tenant.domains);

/** How its mails look to who reads that language. */
export const mailLookOf = ({ name, language, mailbox: { look } }: WithMailbox, of: Language): MailLook => ({
  name,
  colours: coloursOf(look),
  help: (look.texts[of] ?? look.texts[language])?.help ?? null,
});
