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
import { jsonBody, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { draftOf } from '../adapters/drafts.ts';
import { hasEnded, type StoredMessage } from '../adapters/messages.ts';
import { contactsNow, requireOrganisation } from '../organisations.ts';
import { lacking, requireProofs } from '../proofs.ts';
import { reply } from '../replying.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { DraftQuery, Drafting, DraftWriter, LONGEST_TEXT, Shown, type Typed } from './drafting.ts';
import { ownMessage, requireAnswered, requireMessage } from './found.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

const ReplyRequest = z.strictObject({ draftId: z.uuid(), text: z.string().max(LONGEST_TEXT) });
const ToLetterRequest = ReplyRequest.pick({ draftId: true });
const SendRequest = ReplyRequest.extend(Shown);
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
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    const message = await ownMessage(id, reader, this.platform);
    // Nobody is asked to prove more, to see nothing.
    if ((await draftOf(this.platform.pool, message)) === null) return { draft: null };
    requireProofs(message, reader, this.platform);
    return { draft: await this.#drafting.show(message) };
  }

  /** Begins it where there is none; or keeps its text. */
  @Put('draft')
  @Header('Cache-Control', 'no-store')
  async keep(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const message = await this.#answered(request, id);
    const asked = await jsonBody(request, DraftRequest);
    // What is typed is kept also once nothing can be answered any more.
    if ('text' in asked)
      return await this.#drafting.keep(message, asked.draftId, typed(asked.text), asked.by);
    return await this.#drafting.begin(await this.#find(request, id));
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
    await this.#drafting.throwAway(await this.#answered(request, id), draft);
  }

  /** What can't be sent as an answer any more becomes a letter under way, with its files. */
  @Post('draft/letter')
  @HttpCode(204)
  async toLetter(@Req() request: Request, @Param('messageId') id: string): Promise<void> {
    requireSameSite(request, this.platform);
    const message = await this.#answered(request, id);
    const { draftId } = await jsonBody(request, ToLetterRequest);
    const organisation = requireOrganisation(message.tenantId, this.platform);
    if (contactsNow(organisation, this.platform).size === 0)
      throw new Problem('contact-not-found', 'The organisation takes no messages here.');
    if (!hasEnded(message, new Date()))
      throw new Problem('invalid-request', 'It can still be sent as an answer.');
    const demanded = lacking(message, { ...message, proofs: [] }, this.platform);
    await this.#drafting.toLetter(message, draftId, { levels: message.levels, demanded });
  }

  @Post('replies')
  @HttpCode(202)
  async send(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const { text, ...asked } = await jsonBody(request, SendRequest);
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    return await this.#drafting.send(
      reader,
      { place: () => this.#find(request, id), typed: typed(text), ...asked },
      (draft, message, at) => reply(draft, message, text, this.platform, at),
    );
  }

  async #answered(request: Request, id: string): Promise<StoredMessage> {
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    return await requireAnswered(id, reader, this.platform);
  }

  async #find(request: Request, id: string): Promise<StoredMessage> {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    return await requireMessage(id, reader, this.platform, now);
  }
}

const typed = (text: string): Typed => ({ contact: null, subject: '', text });
