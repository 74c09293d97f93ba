// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { TenantId } from '@securemail/contracts';
import { PLATFORM, Problem, type Platform } from '@securemail/service';

/** What anybody may know of an organisation that has SecureMailBox. */
@Controller('mailbox/v1/organisations')
export class OrganisationsController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @Get(':organisation')
  @Header('Cache-Control', 'public, max-age=300')
  show(@Param('organisation') organisation: string) {
    const read = TenantId.safeParse(organisation);
    const tenant = read.success ? this.platform.tenants.get(read.data) : undefined;
    if (tenant?.mailbox === undefined) throw new Problem('not-found', 'No organisation here is called so.');
    const { id, name, language, mailbox } = tenant;
    return { id, name, language, url: mailbox.url, keepDays: mailbox.keepDays };
  }
}
