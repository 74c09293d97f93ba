// SPDX-License-Identifier: Apache-2.0
import type { Address } from '@securemail/contracts';
import { Problem, type Platform } from '@securemail/service';
import type { Draft } from './adapters/drafts.ts';
import type { StoredReply } from './adapters/replies.ts';
import { letterMail } from './domain/letter.ts';
import { contactsNow, requireOrganisation } from './organisations.ts';
import { submit } from './submitting.ts';

export interface Letter {
  contactId: string;
  subject: string;
  text: string;
}

/**
 * Sends what somebody wrote first to the contact that he chose.
 *
 * @returns as {@link submit}
 * @throws Problem `contact-not-found` where the organisation has taken it off its list meanwhile.
 */
export async function sendLetter(
  draft: Draft,
  author: Address,
  { contactId, subject, text }: Letter,
  platform: Pick<Platform, 'pool' | 'store' | 'vault' | 'tenants' | 'policies'>,
  at: Date,
): Promise<StoredReply | null> {
  const tenant = requireOrganisation(draft.tenantId, platform);
  const { policies } = platform;
  const contact = contactsNow(tenant, platform).get(contactId);
  if (contact === undefined) throw new Problem('contact-not-found', 'Choose another one.');
  const { name, address: to } = contact;
  const { language } = policies.of(tenant, to);
  return await submit(
    draft,
    {
      said: { contact: { id: contactId, name }, subject, text },
      author,
      to,
      conversationId: null,
      graded: draft,
      mail: (about) => letterMail({ author, to, contact: name, language, subject, text, ...about }),
      event: ({ data, personal }) => ({
        name: 'MailboxLetterSubmitted',
        data: { contactId, ...data },
        personal,
      }),
    },
    tenant,
    platform,
    at,
  );
}
