// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { hasEnded, messageOf } from '../adapters/messages.ts';
import { replyOf, type StoredReply } from '../adapters/replies.ts';
import { submittedOf } from '../adapters/submitted.ts';
import { headIn, saidIn, subjectFor } from '../entries.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { ended } from './found.ts';
import { requireProofsOfOwn, type ProvenReader } from '../proofs.ts';
import { pdfInTurn } from './in-turn.ts';
import { isAskedFor, SAVED, send } from './saved.ts';
import { PdfQuery, sendPdf } from './saved-pdf.ts';
import { requireSession } from './signed-in.ts';

/** What who is signed in wrote himself. */
@Controller('mailbox/v1/written/:replyId')
export class WrittenController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  /** The whole mail that was made of it, with its files. */
  @Get('message.eml')
  async whole(
    @Req() request: Request,
    @Param('replyId') id: string,
    @Res() response: Response,
  ): Promise<void> {
    const { vault } = this.platform;
    const { reply, submitted } = await this.#find(request, id);
    if (isAskedFor(request, response)) return;
    const { content } = submitted.data;
    response.set({ ...SAVED, 'Content-Length': String(content.size) }).type('message/rfc822');
    response.attachment(`${reply.submittedAt.toISOString().slice(0, 10)}.eml`);
    await send(Readable.from(vault.get(submitted, content)), response);
  }
  /** What he wrote, to be kept and read anywhere. */
  @Get('message.pdf')
  async pdf(
    @Req() request: Request,
    @Param('replyId') id: string,
    @Query() query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const { language } = readQuery(PdfQuery, query);
    const { reply, submitted, reader, now } = await this.#find(request, id);
    if (isAskedFor(request, response)) return;
    const said = await saidIn(reply, this.platform);
    if (said === null) throw ended();
    const tenant = this.platform.tenants.get(reply.tenantId);
    const written = {
      tenant,
      kind: 'written',
      subject: said.subject === '' ? await this.#answeredSubject(reply, reader, now) : said.subject,
      from: [submitted.personal.mailFrom],
      to: [said.contact?.name ?? tenant?.name ?? ''],
      cc: [],
      at: reply.submittedAt,
      endsAt: reply.endsAt,
      text: said.text,
      files: said.files,
    } as const;
    await pdfInTurn(reader, () => sendPdf(written, language, response));
  }

  async #find(request: Request, id: string) {
    const { pool } = this.platform;
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    const reply = z.uuid().safeParse(id).success ? await replyOf(pool, reader, id) : null;
    if (reply === null) throw new Problem('mailbox-message-not-found', 'You have not written it.');
    if (reply.endsAt <= now) throw ended();
    requireProofsOfOwn(reply, reader, this.platform);
    const submitted = await submittedOf(reply, this.platform);
    if (submitted === null) throw ended();
    return { reply, submitted, reader, now };
  }

  /** Of what it answers, as long as that can be read. */
  async #answeredSubject({ messageId }: StoredReply, reader: ProvenReader, now: Date): Promise<string> {
    const message = messageId === null ? null : await messageOf(this.platform.pool, reader, messageId);
    if (message === null || hasEnded(message, now)) return '';
    const subject = (await headIn(message, this.platform))?.subject ?? '';
    return await subjectFor(subject, reader, message.conversationId, this.platform, now);
  }
}
