// SPDX-License-Identifier: Apache-2.0
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import { jsonBody, PLATFORM, readQuery, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import type { StoredMessage } from '../adapters/messages.ts';
import { reply } from '../replying.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { DraftQuery, Drafting, DraftWriter, LONGEST_TEXT, type Typed } from './drafting.ts';
import { requireMessage } from './found.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

const ReplyRequest = z.strictObject({ draftId: z.uuid(), text: z.string().max(LONGEST_TEXT) });
const DraftRequest = z.union([ReplyRequest.extend({ by: DraftWriter.optional() }), z.strictObject({})]);

/** Answers of who is signed in. */
@Controller('mailbox/v1/messages/:messageId')
export class RepliesController {
  readonly #drafting: Drafting;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {
    this.#drafting = new Drafting(platform, settings);
  }

  /** Null where none is under way. */
  @Get('draft')
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request, @Param('messageId') id: string) {
    return { draft: await this.#drafting.show(await this.#find(request, id)) };
  }

  /** Begins it where there is none; or keeps its text. */
  @Put('draft')
  @Header('Cache-Control', 'no-store')
  async keep(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const message = await this.#find(request, id);
    const asked = await jsonBody(request, DraftRequest);
    return 'text' in asked
      ? await this.#drafting.keep(message, asked.draftId, typed(asked.text), asked.by)
      : await this.#drafting.begin(message);
  }

  @Delete('draft')
  @HttpCode(204)
  async throwAway(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Query() query: unknown,
  ): Promise<void> {
    requireSameSite(request, this.platform);
    const { draft } = readQuery(DraftQuery, query);
    await this.#drafting.throwAway(await this.#find(request, id), draft);
  }

  @Post('replies')
  @HttpCode(202)
  async send(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const { draftId, text } = await jsonBody(request, ReplyRequest);
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    return await this.#drafting.send(
      reader,
      { place: () => this.#find(request, id), draftId, typed: typed(text) },
      (draft, message, at) => reply(draft, message, text, this.platform, at),
    );
  }

  async #find(request: Request, id: string): Promise<StoredMessage> {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    return await requireMessage(id, reader, this.platform, now);
  }
}

const typed = (text: string): Typed => ({ contact: null, subject: '', text });
