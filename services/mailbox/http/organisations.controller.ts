// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { PLATFORM, type Platform } from '@securemail/service';
import { followLink, requireOrganisation } from './found.ts';

/** What anybody may know before he signs in: whose page it is. */
@Controller('mailbox/v1')
export class OrganisationsController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Get('organisations/:organisation')
  @Header('Cache-Control', 'public, max-age=300')
  organisation(@Param('organisation') organisation: string) {
    return view(requireOrganisation(organisation, this.platform));
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
});
