// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { Language } from '@securemail/contracts';
import { PLATFORM, readQuery, type Platform } from '@securemail/service';
import { z } from 'zod';
import { listed } from '../domain/contacts.ts';
import { contactsNow, requireOrganisation } from '../organisations.ts';
import { followLink } from './found.ts';

const ContactsQuery = z.strictObject({ language: Language.optional() });

/** What anybody may know before he signs in: whose page it is. */
@Controller('mailbox/v1')
export class OrganisationsController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Get('organisations/:organisation')
  @Header('Cache-Control', 'public, max-age=300')
  organisation(@Param('organisation') organisation: string) {
    return view(requireOrganisation(organisation, this.platform));
  }

  /** Whom anybody can write to; nobody where the organisation takes no messages here. */
  @Get('organisations/:organisation/contacts')
  @Header('Cache-Control', 'public, max-age=60')
  contacts(@Param('organisation') organisation: string, @Query() query: unknown) {
    const { language } = readQuery(ContactsQuery, query);
    const tenant = requireOrganisation(organisation, this.platform);
    return { contacts: listed(contactsNow(tenant, this.platform), language ?? tenant.language) };
  }

  /** Whoever has the link is told whose it is, and nothing is sent or noted: scanners follow it, too. */
  @Get('links/:link')
  @Header('Cache-Control', 'no-store')
  async link(@Param('link') link: string) {
    const { message, tenant } = await followLink(link, this.platform, new Date());
    return { organisation: view(tenant), endsAt: message.endsAt.toISOString() };
  }
}

const view = ({ id, name, language, mailbox }: ReturnType<typeof requireOrganisation>) => ({
  id,
  name,
  language,
  keepDays: mailbox.keepDays,
  passwords: mailbox.passwords,
  openIdConnect: mailbox.openIdConnect && { name: mailbox.openIdConnect.name },
});
