// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { Language } from '@securemail/contracts';
import { PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Response } from 'express';
import { z } from 'zod';
import type { Logos } from '../adapters/logos.ts';
import { requireOrganisation } from '../organisations.ts';
import { LOGOS } from '../settings.ts';
import { tellContacts, tellLink, tellOrganisation } from './telling.ts';

/** An SVG is a document, too, for who opens it by its address. */
const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

const ContactsQuery = z.strictObject({ language: Language.optional() });

/** What anybody may know before he signs in: whose page it is. */
@Controller('mailbox/v1')
export class OrganisationsController {
  constructor(
    @Inject(PLATFORM) readonly platform: Platform,
    @Inject(LOGOS) readonly logos: Logos,
  ) {}

  @Get('organisations/:organisation')
  @Header('Cache-Control', 'public, max-age=300')
  organisation(@Param('organisation') organisation: string) {
    return tellOrganisation(organisation, this);
  }

  @Get('organisations/:organisation/logo')
  @Header('Content-Security-Policy', LOGO_POLICY)
  logo(
    @Param('organisation') organisation: string,
    @Res({ passthrough: true }) response: Response,
  ): StreamableFile {
    const logo = this.logos.get(requireOrganisation(organisation, this.platform).id);
    if (logo === undefined) throw new Problem('not-found', 'This organisation has no logo here.');
    // That there is none is kept nowhere.
    response.set('Cache-Control', 'public, max-age=3600');
    return new StreamableFile(logo.octets, { type: logo.type, length: logo.octets.length });
  }

  /** Whom anybody can write to; nobody where the organisation takes no messages here. */
  @Get('organisations/:organisation/contacts')
  // A list that was changed counts at once; what is unchanged is not sent again (ETag).
  @Header('Cache-Control', 'public, no-cache')
  contacts(@Param('organisation') organisation: string, @Query() query: unknown) {
    const { language } = readQuery(ContactsQuery, query);
    return tellContacts(organisation, language, this);
  }

  /** Whoever has the link is told whose it is, and nothing is sent or noted: scanners follow it, too. */
  @Get('links/:link')
  @Header('Cache-Control', 'no-store')
  async link(@Param('link') link: string) {
    return await tellLink(link, this, new Date());
  }
}
