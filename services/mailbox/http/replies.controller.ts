// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { newEmailId } from '@securemail/contracts';
import { jsonBody, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import { ContentErasedError } from '@securemail/vault';
import type { Request } from 'express';
import libmime from 'libmime';
import { z } from 'zod';
import {
  addFile,
  beginDraft,
  beginEnding,
  draftOf,
  endDraft,
  filesOf,
  keepText,
  letGo,
  removeFile,
  reserve,
  takeDraft,
  type Changed,
  type Draft,
  type DraftFile,
} from '../adapters/drafts.ts';
import { readHead, readSaid, saidAsContent, withHead } from '../adapters/kept-parts.ts';
import type { StoredMessage } from '../adapters/messages.ts';
import { countReplies, replyOf, type StoredReply } from '../adapters/replies.ts';
import { isRefused } from '../domain/reply.ts';
import { savedAs } from '../domain/saved-as.ts';
import { reply } from '../replying.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { requireMessage } from './found.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

/** Characters; a novel has ten times as many. */
const LONGEST_TEXT = 80_000;
const DraftRequest = z.union([
  z.strictObject({ draftId: z.uuid(), text: z.string().max(LONGEST_TEXT) }),
  z.strictObject({}),
]);
const ReplyRequest = z.strictObject({ draftId: z.uuid(), text: z.string().max(LONGEST_TEXT) });
const DraftQuery = z.strictObject({ draft: z.uuid() });
const FileName = z.string().min(1).max(1_000);
const MOST_PER_HOUR = 50;
/** How long who sends waits for another one who does. Milliseconds. */
const PATIENCE = 30_000;

/** Answers of who is signed in: kept on the server while they are written, and sent once. */
@Controller('mailbox/v1/messages/:messageId')
export class RepliesController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  /** Null where none is under way. */
  @Get('draft')
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request, @Param('messageId') id: string) {
    const message = await this.#find(request, id);
    const draft = await draftOf(this.platform.pool, message, message.messageId);
    return { draft: draft === null ? null : await this.#shown(draft) };
  }

  /** Begins it where there is none; or keeps its text. */
  @Put('draft')
  @Header('Cache-Control', 'no-store')
  async keep(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const message = await this.#find(request, id);
    const asked = await jsonBody(request, DraftRequest);
    if (!('text' in asked)) return await this.#shown(await this.#begun(message));
    const draft = await this.#underWay(message, asked.draftId);
    const { pool, vault } = this.platform;
    const owner = { ...draft, emailId: draft.draftId };
    const octets = Buffer.byteLength(asked.text);
    this.#require(await reserve(pool, draft.draftId, octets, this.settings.replies, new Date()));
    const said = await orNone(() => vault.put(owner, saidAsContent({ text: asked.text, files: [] })));
    this.#require(await keepText(pool, draft.draftId, said, new Date()));
    return await this.#shown(draft, asked.text);
  }

  @Delete('draft')
  @HttpCode(204)
  async throwAway(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Query() query: unknown,
  ): Promise<void> {
    requireSameSite(request, this.platform);
    const { draft: draftId } = readQuery(DraftQuery, query);
    const message = await this.#find(request, id);
    const { pool, vault } = this.platform;
    const draft = await draftOf(pool, message, message.messageId);
    if (draft?.draftId !== draftId || !(await beginEnding(pool, draft.draftId, new Date()))) return;
    await vault.erase(draft.draftId);
    await endDraft(pool, draft.draftId);
  }

  /** The body is the file, as it is; its name, which tells what it is taken for, is in no URL: proxies keep those. */
  @Post('draft/files')
  @HttpCode(201)
  async addFile(@Req() request: Request, @Param('messageId') id: string, @Query() query: unknown) {
    requireSameSite(request, this.platform);
    const { draft: draftId } = readQuery(DraftQuery, query);
    const name = nameIn(request);
    const message = await this.#find(request, id);
    const { refusedEndings, maxBytes } = this.settings.replies;
    const shown = savedAs({ filename: name, contentType: 'application/octet-stream', ordinal: 1 });
    if (isRefused(shown, refusedEndings)) throw new Problem('file-refused', 'It may act as a program.');
    const tooLarge = () => this.#tooLarge();
    // Browsers say how much it is; who does not is taken to send as much as may be.
    const declared = Number(request.headers['content-length'] ?? maxBytes);
    if (!(declared <= maxBytes)) throw tooLarge();
    const { pool, vault } = this.platform;
    const draft = await this.#underWay(message, draftId);
    this.#require(await reserve(pool, draft.draftId, declared, this.settings.replies, new Date()));
    let size = 0;
    async function* counted(): AsyncGenerator<Buffer, void, void> {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge();
        yield chunk;
      }
    }
    const head = { name: shown, contentType: libmime.detectMimeType(shown) || 'application/octet-stream' };
    const owner = { ...draft, emailId: draft.draftId };
    const content = await orNone(() => vault.put(owner, withHead(head, counted())));
    const file: DraftFile = { fileId: randomUUID(), content, size };
    this.#require(await addFile(pool, draft.draftId, file, this.settings.replies, new Date()));
    return { fileId: file.fileId, name: head.name, size };
  }

  @Delete('draft/files/:fileId')
  @HttpCode(204)
  async removeFile(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Param('fileId') fileId: string,
  ): Promise<void> {
    requireSameSite(request, this.platform);
    const message = await this.#find(request, id);
    const draft = await draftOf(this.platform.pool, message, message.messageId);
    if (draft === null || !z.uuid().safeParse(fileId).success) throw noDraft();
    await removeFile(this.platform.pool, draft.draftId, fileId);
  }

  /** Sends it, once: asked for again, as after an answer that was lost on its way, it says when that was. */
  @Post('replies')
  @HttpCode(202)
  async send(@Req() request: Request, @Param('messageId') id: string) {
    requireSameSite(request, this.platform);
    const { draftId, text } = await jsonBody(request, ReplyRequest);
    const reader = await requireSession(request, this.platform, this.settings, new Date());
    const giveUpAt = Date.now() + PATIENCE;
    for (;;) {
      // Also where what it answers has ended since.
      const before = await replyOf(this.platform.pool, reader, draftId);
      if (before !== null) return sentAs(await this.#same(before, text));
      const sent = await this.#sendOnce(await this.#find(request, id), draftId, text);
      if (sent !== null) return sentAs(sent);
      if (Date.now() > giveUpAt) throw new Problem('storage-unavailable', 'It is being sent all the time.');
      await sleep(200);
    }
  }

  /** @returns null where somebody else is at it. */
  async #sendOnce(message: StoredMessage, draftId: string, text: string): Promise<StoredReply | null> {
    const { pool } = this.platform;
    const now = new Date();
    const draft = await draftOf(pool, message, message.messageId);
    if (draft?.draftId !== draftId)
      return (await replyOf(pool, message, draftId)) === null ? Promise.reject(noDraft()) : null;
    if (!(await takeDraft(pool, draft.draftId, now))) return null;
    try {
      const files = await filesOf(pool, draft.draftId);
      if (text.trim() === '' && files.length === 0)
        throw new Problem('invalid-request', 'There is nothing to be sent: neither a text nor a file.');
      if ((await countReplies(pool, message, new Date(now.getTime() - 3_600_000))) >= MOST_PER_HOUR)
        throw new Problem('too-many-replies', 'Fifty within an hour.');
      return await orNone(() => reply(draft, message, text, this.platform, now));
    } finally {
      // Where it was sent, it is no more.
      await letGo(pool, draft.draftId);
    }
  }

  /**
   * What was sent before. Of another page it was perhaps another text: who sends this one is told that it was not.
   *
   * @throws Problem `draft-not-found`
   */
  async #same(sent: StoredReply, text: string): Promise<StoredReply> {
    const said = await orNone(() => readSaid(this.platform.vault, { emailId: sent.replyId }, sent.said));
    if (said.text !== text) throw noDraft();
    return sent;
  }

  /** @throws Problem `draft-not-found` where it was sent or thrown away, perhaps by another page. */
  async #underWay(message: StoredMessage, draftId: string): Promise<Draft> {
    const draft = await draftOf(this.platform.pool, message, message.messageId);
    if (draft?.draftId !== draftId) throw noDraft();
    return draft;
  }

  #require(changed: Changed): void {
    if (changed === 'gone') throw noDraft();
    if (changed === 'too-much') throw this.#tooLarge();
  }

  #tooLarge(): Problem {
    const { maxBytes, maxFiles } = this.settings.replies;
    return new Problem('reply-too-large', 'More than one answer takes.', { maxBytes, maxFiles });
  }

  async #begun(message: StoredMessage): Promise<Draft> {
    const { pool } = this.platform;
    const { tenantId, person, messageId } = message;
    return (
      (await draftOf(pool, message, messageId)) ??
      (await beginDraft(pool, {
        draftId: newEmailId(),
        tenantId,
        person,
        messageId,
        said: null,
        changedAt: new Date(),
      }))
    );
  }

  /** @param kept its text, where that was kept just now. */
  async #shown({ draftId, said }: Draft, kept?: string) {
    const { pool, vault } = this.platform;
    const owner = { emailId: draftId };
    const files = await filesOf(pool, draftId);
    return {
      draftId,
      text: kept ?? (said === null ? '' : (await readSaid(vault, owner, said)).text),
      files: await Promise.all(
        files.map(async ({ fileId, content, size }) => ({
          fileId,
          name: (await readHead(vault, owner, content)).name,
          size,
        })),
      ),
    };
  }

  async #find(request: Request, id: string): Promise<StoredMessage> {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    return await requireMessage(id, reader, this.platform, now);
  }
}

/** As a browser can write it in a field of a header: percent-encoded UTF-8. @throws Problem `invalid-request` */
function nameIn({ headers }: Request): string {
  const wrong = () =>
    new Problem('invalid-request', 'X-File-Name is to be the name of the file, percent-encoded.');
  try {
    const read = FileName.safeParse(decodeURIComponent(String(headers['x-file-name'] ?? '')));
    if (read.success) return read.data;
  } catch {
    throw wrong();
  }
  throw wrong();
}

const sentAs = ({ replyId, submittedAt }: StoredReply) => ({
  replyId,
  submittedAt: submittedAt.toISOString(),
});

/** A draft that ended meanwhile was erased. */
async function orNone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ContentErasedError ? noDraft() : error;
  }
}

const noDraft = () => new Problem('draft-not-found', 'Nothing is under way, or it was sent from elsewhere.');
