// SPDX-License-Identifier: Apache-2.0
import {
  Controller,
  Delete,
  Head,
  HttpCode,
  Inject,
  Options,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import type { Place } from '../adapters/drafts.ts';
import type { Checking } from '../checking.ts';
import { BROKEN_ARE_KEPT_MS } from '../housekeeping.ts';
import { CHECKING, MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { DraftQuery } from './drafting.ts';
import { requireLetter, requireMessage } from './found.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';
import { announceTus, requireTus, tellProgress } from './tus.ts';
import { Uploading } from './uploading.ts';

/** Files of what somebody writes, each by an upload that goes on where it broke off. */
abstract class DraftFilesController {
  readonly #uploading: Uploading;
  constructor(
    @Inject(PLATFORM) protected readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) protected readonly settings: MailboxSettings,
    @Inject(CHECKING) checking: Checking,
  ) {
    this.#uploading = new Uploading(platform, settings, checking);
  }

  protected abstract placeOf(request: Request): Promise<Place>;

  @Options(['', ':fileId'])
  @HttpCode(204)
  options(@Res({ passthrough: true }) response: Response): void {
    announceTus(response, this.settings.replies.maxBytes);
  }

  @Post()
  async begin(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Query() query: unknown,
  ) {
    requireTus(request, response);
    requireSameSite(request, this.platform);
    const { draft } = readQuery(DraftQuery, query);
    const { file, name } = await this.#uploading.begin(() => this.placeOf(request), draft, request);
    tellProgress(response, file, BROKEN_ARE_KEPT_MS);
    response.location(`${request.path}/${file.fileId}`);
    return { fileId: file.fileId, name, size: file.size };
  }

  @Head(':fileId')
  async progress(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('fileId') fileId: string,
  ): Promise<void> {
    requireTus(request, response);
    tellProgress(
      response,
      await this.#uploading.show(await this.placeOf(request), fileId),
      BROKEN_ARE_KEPT_MS,
    );
  }

  @Patch(':fileId')
  @HttpCode(204)
  async goOn(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('fileId') fileId: string,
  ): Promise<void> {
    requireTus(request, response);
    requireSameSite(request, this.platform);
    const file = await this.#uploading.goOn(await this.placeOf(request), fileId, request);
    tellProgress(response, file, BROKEN_ARE_KEPT_MS);
  }

  @Delete(':fileId')
  @HttpCode(204)
  async remove(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('fileId') fileId: string,
  ): Promise<void> {
    requireTus(request, response);
    requireSameSite(request, this.platform);
    await this.#uploading.remove(await this.placeOf(request), fileId);
  }

  /** For who can't send other methods than this one. @throws Problem `not-found` */
  @Post(':fileId')
  @HttpCode(204)
  async override(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('fileId') fileId: string,
  ): Promise<void> {
    const method = request.headers['x-http-method-override'];
    if (method === 'PATCH') await this.goOn(request, response, fileId);
    else if (method === 'DELETE') await this.remove(request, response, fileId);
    else if (method === 'HEAD') await this.progress(request, response, fileId);
    else throw new Problem('not-found', 'No such path and method.');
  }
}

@Controller('mailbox/v1/messages/:messageId/draft/files')
export class AnswerFilesController extends DraftFilesController {
  protected async placeOf(request: Request): Promise<Place> {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    return await requireMessage(String(request.params['messageId']), reader, this.platform, now);
  }
}

@Controller('mailbox/v1/letters/draft/files')
export class LetterFilesController extends DraftFilesController {
  protected async placeOf(request: Request): Promise<Place> {
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    return await requireLetter(reader, this.platform);
  }
}
