// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { PLATFORM, Problem, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { messageOfTakeBack, type StoredMessage } from '../adapters/messages.ts';
import { digestOf, isToken } from '../adapters/secrets.ts';
import { withdraw } from '../withdrawing.ts';
import { ended } from './found.ts';
import { requireSameSite } from './same-site.ts';

/** Where the link of a receipt leads, by which its sender takes a message back. Whoever has it may. */
@Controller('mailbox/v1/take-backs/:secret')
export class TakeBacksController {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  /** What it is about, without whom or what: nothing happens, as programs follow links, too. */
  @Get()
  @Header('Cache-Control', 'no-store')
  async show(@Param('secret') secret: string) {
    return view(await this.#find(secret));
  }

  /** Once: asked for again, it says when that was. */
  @Post()
  @HttpCode(200)
  async takeBack(@Req() request: Request, @Param('secret') secret: string) {
    requireSameSite(request, this.platform);
    const found = await this.#find(secret);
    await withdraw([found], this.platform, { by: 'link', at: new Date() });
    const now = await this.#find(secret);
    // Over, or closed by its reader: there was nothing left to take back.
    if (now.withdrawnAt === null) throw ended();
    return view(now);
  }

  /** @throws Problem `link-not-found` */
  async #find(secret: string): Promise<StoredMessage> {
    const { pool } = this.platform;
    const found = isToken(secret) ? await messageOfTakeBack(pool, digestOf(secret)) : null;
    if (found === null) throw new Problem('link-not-found', 'Is it as it stands in the receipt, to its end?');
    return found;
  }
}

const view = ({ depositedAt, endsAt, openedAt, withdrawnAt, declinedAt }: StoredMessage) => ({
  depositedAt: depositedAt.toISOString(),
  endsAt: endsAt.toISOString(),
  openedAt: openedAt?.toISOString() ?? null,
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
  declinedAt: declinedAt?.toISOString() ?? null,
});
