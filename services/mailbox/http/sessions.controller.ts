// SPDX-License-Identifier: Apache-2.0
import { Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { PLATFORM, Problem, type Platform } from '@securemail/service';
import { endOfUnused, goesOn } from '@securemail/sign-in';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { provenAddress } from '../adapters/proven-address.ts';
import { endSession, sessionsOf, type StoredSession } from '../adapters/sessions.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';
import { requireSameSite } from './same-site.ts';
import { findSession, requireSession } from './signed-in.ts';

/** Where somebody is signed in. */
@Controller('mailbox/v1/sessions')
export class SessionsController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(@Req() request: Request) {
    const now = new Date();
    const current = await requireSession(request, this.platform, this.settings, now);
    const all = await sessionsOf(this.platform.pool, current);
    return {
      sessions: all.filter((each) => goesOn(each, this.settings, now)).map((each) => view(each, current)),
    };
  }

  /** No use of it: a page looks by itself whether it goes on. */
  @Get('current')
  @Header('Cache-Control', 'no-store')
  async current(@Req() request: Request) {
    const now = new Date();
    const session = await findSession(request, this.platform, this.settings, now);
    const tenant = this.platform.tenants.get(session.tenantId);
    return {
      ...view(session, session),
      ...this.#left(session, now),
      organisation: { id: session.tenantId, name: tenant?.name },
      address: await provenAddress(session, this.platform),
    };
  }

  /** Who reads asks for nothing, and is there all the same: what he does on a page is a use. */
  @Post('current/use')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async use(@Req() request: Request) {
    requireSameSite(request, this.platform);
    const now = new Date();
    const session = await requireSession(request, this.platform, this.settings, now);
    return this.#left(session, now);
  }

  /** `current`, or one of the list: whoever has lost a telephone ends what goes on there. */
  @Delete(':sessionId')
  @HttpCode(204)
  async end(
    @Req() request: Request,
    @Param('sessionId') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    requireSameSite(request, this.platform);
    const current = await requireSession(request, this.platform, this.settings, new Date());
    const ended = id === 'current' ? current.sessionId : id;
    const known = z.uuid().safeParse(ended).success;
    if (!known || !(await endSession(this.platform.pool, current, ended)))
      throw new Problem('not-found', 'There is no such session.');
    this.platform.logger.info({ sessionId: ended }, 'signed out');
    if (ended === current.sessionId) COOKIES.session.clear(response);
  }

  /** Until it ends where nobody uses it, and whatever is done: in seconds, for the clock of a browser may be another one. */
  #left(session: StoredSession, now: Date): { secondsLeft: number; secondsLeftAtMost: number } {
    const until = (end: Date) => Math.ceil((end.getTime() - now.getTime()) / 1_000);
    return {
      secondsLeft: until(endOfUnused(session, this.settings)),
      secondsLeftAtMost: until(session.endsAt),
    };
  }
}

const view = ({ sessionId, beganAt, usedAt, endsAt }: StoredSession, current: StoredSession) => ({
  sessionId,
  beganAt: beganAt.toISOString(),
  usedAt: usedAt.toISOString(),
  endsAt: endsAt.toISOString(),
  current: sessionId === current.sessionId,
});
