// SPDX-License-Identifier: Apache-2.0
import { Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { signalAppended } from '@securemail/event-log';
import {
  jsonBody,
  PERSON_TOKEN_SECONDS,
  personToken,
  PLATFORM,
  type ConsoleSettings,
  type Platform,
} from '@securemail/service';
import { endOfUnused } from '@securemail/sign-in';
import { currentTraceparent } from '@securemail/telemetry';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ending, noteUse, type ConsoleSession } from '../adapters/sessions.ts';
import { requireSession } from '../sessions.ts';
import { CONSOLE_SETTINGS } from '../tokens.ts';
import { COOKIES } from './cookies.ts';
import { requireSameSite } from './same-site.ts';

const Renewal = z.strictObject({
  used: z.boolean().describe('Whether somebody did anything since the last time'),
});

/** Who is signed in, and what the pages ask the API by. */
@Controller('console/v1/session')
export class SessionController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSOLE_SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request) {
    return this.#view(await requireSession(request, this.platform, this.settings, new Date()));
  }

  /** Before the token runs out: another one. That a page asks is no use of the session by itself. */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async renew(@Req() request: Request) {
    requireSameSite(request, this.settings);
    const now = new Date();
    const { used } = await jsonBody(request, Renewal);
    const session = await requireSession(request, this.platform, this.settings, now);
    if (!used) return this.#view(session);
    await noteUse(this.platform.pool, session.sessionId, now);
    return this.#view({ ...session, usedAt: now });
  }

  @Delete()
  @HttpCode(204)
  async end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    requireSameSite(request, this.settings);
    const { sessionId, tenantId, name } = await requireSession(
      request,
      this.platform,
      this.settings,
      new Date(),
    );
    await this.platform.store.append(
      this.platform.pool,
      { emailId: sessionId, tenantId },
      'any',
      [{ name: 'ConsoleSignedOut', data: {}, personal: { by: name } }],
      { traceparent: currentTraceparent(), when: ending(sessionId) },
    );
    signalAppended('receipts');
    COOKIES.session.clear(response);
    // What the browser keeps of the pages is nobody's any more.
    response.set('Clear-Site-Data', '"cache", "storage"');
  }

  async #view(session: ConsoleSession) {
    const { sessionId, tenantId, name, role } = session;
    const now = new Date();
    const { traceUrl = null, logsUrl = null } = this.settings;
    return {
      sessionId,
      name,
      role,
      organisation: { id: tenantId, name: this.platform.tenants.get(tenantId)?.name ?? tenantId },
      secondsLeft: Math.max(
        0,
        Math.floor((endOfUnused(session, this.settings).getTime() - now.getTime()) / 1_000),
      ),
      token: await personToken({ sub: sessionId, tenantId, name, role }, this.settings.tokenKey, now),
      tokenSeconds: PERSON_TOKEN_SECONDS,
      traceUrl,
      logsUrl,
    };
  }
}
