// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { Language } from '@securemail/contracts';
import { coloursOf, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import { z } from 'zod';
import type { Logos } from '../adapters/logos.ts';
import { listed } from '../domain/contacts.ts';
import { contactsNow, requireOrganisation } from '../organisations.ts';
import { LOGOS } from '../settings.ts';
import { followLink } from './found.ts';

/** An SVG is a document, too, for who opens it by its address. */
const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

const ContactsQuery = z.strictObject({ language: Language.optional() });

/** What anybody may know before he signs in: whose page it is. */
@Controller('mailbox/v1')
export class OrganisationsController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(LOGOS) private readonly logos: Logos,
  ) {}

  @Get('organisations/:organisation')
  @Header('Cache-Control', 'public, max-age=300')
  organisation(@Param('organisation') organisation: string) {
    const tenant = requireOrganisation(organisation, this.platform);
    const { look } = tenant.mailbox;
    return {
      ...view(tenant),
      colours: coloursOf(look),
      logo: this.logos.has(tenant.id) ? `/mailbox/v1/organisations/${tenant.id}/logo` : null,
      texts: look.texts,
    };
  }

  @Get('organisations/:organisation/logo')
  @Header('Cache-Control', 'public, max-age=3600')
  @Header('Content-Security-Policy', LOGO_POLICY)
  @Header('Cross-Origin-Resource-Policy', 'same-origin')
  @Header('X-Content-Type-Options', 'nosniff')
  logo(@Param('organisation') organisation: string): StreamableFile {
    const logo = this.logos.get(requireOrganisation(organisation, this.platform).id);
    if (logo === undefined) throw new Problem('not-found', 'This organisation has no logo here.');
    return new StreamableFile(logo.octets, { type: logo.type, length: logo.octets.length });
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
