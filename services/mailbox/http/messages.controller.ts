// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { ContentRef, NewEvent, ProtectedMessageId, RecipientId } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import type { AppendOptions } from '@securemail/event-store';
import { escapeHtml } from '@securemail/mime';
import { PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import { currentTraceparent } from '@securemail/telemetry';
import { ContentErasedError } from '@securemail/vault';
import type { Request, Response } from 'express';
import { appendInTurn } from '../adapters/appending.ts';
import { asRead } from '../adapters/as-read.ts';
import { begunDraftsOf } from '../adapters/drafts.ts';
import { headOf } from '../adapters/head-of-message.ts';
import { decliningMessage, hasEnded, openingMessage, type StoredMessage } from '../adapters/messages.ts';
import type { StoredSession } from '../adapters/sessions.ts';
import { openPart, readHtml, readMessage } from '../adapters/read-message.ts';
import { LEADS_TO } from '../domain/readable-html.ts';
import { savedAs } from '../domain/saved-as.ts';
import { answerIn, contentOf, entriesOf, standing, nameIn, subjectFor } from '../entries.ts';
import { isAnswerSubject, ownSubject } from '../domain/conversation-name.ts';
import { requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { ended, ownMessage, requireMessage } from './found.ts';
import { inTurn, pdfInTurn } from './in-turn.ts';
import { isAskedFor, SAVED, send } from './saved.ts';
import { PdfQuery, personText, sendPdf } from './saved-pdf.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

/** What a browser may take for what it is called; all else is octets to be saved. */
const SAVED_WITH_ITS_TYPE = /^(image\/(png|jpeg|gif|webp)|application\/pdf|text\/plain)$/;
/** Links open elsewhere, in a page that is a page again. */
const BODY_POLICY = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');
const BODY_STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;margin:1rem;overflow-wrap:anywhere}img,table{max-width:100%}img{height:auto}' +
  `a[${LEADS_TO}]::after{content:" [" attr(${LEADS_TO}) "]";font:.85rem system-ui,sans-serif;color:#444;background:#fff;unicode-bidi:isolate;direction:ltr}`;

/** What was written to who is signed in. */
@Controller('mailbox/v1/messages')
export class MessagesController {
  readonly #turn = inTurn();

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  @Get(':messageId')
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request, @Param('messageId') id: string) {
    const { message, content, reader } = await this.#opened(request, id);
    const read = await gone(() => this.#turn(reader, () => this.#read(message, content, readMessage)));
    const now = new Date();
    const conversation = await entriesOf(reader, message.conversationId, this.platform, now);
    const drafts = await begunDraftsOf(this.platform.pool, reader, now);
    const name = nameIn(conversation);
    return {
      ...standing(message),
      ...read,
      name,
      ownSubject: ownSubject(read.subject, name),
      // Pages of the release before are open still, and show what mail programs make of a subject where nothing says so.
      isAnswer: isAnswerSubject(read.subject),
      date: read.date?.toISOString() ?? null,
      parts: read.parts.map((part) => ({ ...part, filename: savedAs(part) })),
      conversation,
      draft: answerIn(drafts, message.conversationId),
    };
  }

  /**
   * The HTML of a message, as a page for a frame that has no origin, no script, and nothing to load from anywhere. Its
   * body can be reached, else by keys alone nobody gets into the frame and through it.
   */
  @Get(':messageId/body')
  async body(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Res() response: Response,
  ): Promise<void> {
    if (await this.#isAskedFor(request, id, response)) return;
    const { message, content, reader } = await this.#opened(request, id);
    const shown = await gone(() => this.#turn(reader, () => this.#read(message, content, readHtml)));
    if (shown === null)
      throw new Problem('mailbox-message-not-found', 'The message has no HTML to be shown.');
    const { html } = shown;
    const subject = await this.#named(shown.subject, message, reader);
    const language = shown.language ?? requireOrganisation(message.tenantId, this.platform).language;
    response.set({ ...SAVED, 'Content-Security-Policy': BODY_POLICY }).type('text/html; charset=utf-8');
    response.send(
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title><style>${BODY_STYLE}</style></head><body tabindex="0">${html}</body></html>`,
    );
  }

  @Get(':messageId/parts/:ordinal')
  async part(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Param('ordinal') ordinal: string,
    @Res() response: Response,
  ): Promise<void> {
    if (await this.#isAskedFor(request, id, response)) return;
    const { message, content } = await this.#opened(request, id);
    const wanted = /^[1-9]\d{0,3}$/.test(ordinal) ? Number(ordinal) : null;
    const opened =
      wanted === null
        ? null
        : await gone(() => this.#read(message, content, (source) => openPart(source, wanted)));
    if (wanted === null || opened === null)
      throw new Problem('mailbox-message-not-found', 'The message has no such part.');
    const { contentType } = opened;
    response.set(SAVED).attachment(savedAs({ ...opened, ordinal: wanted }));
    response.type(SAVED_WITH_ITS_TYPE.test(contentType) ? contentType : 'application/octet-stream');
    await send(opened.content, response);
  }

  /** The whole message, as it lies here. */
  @Get(':messageId/message.eml')
  async whole(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Res() response: Response,
  ): Promise<void> {
    if (await this.#isAskedFor(request, id, response)) return;
    const { message, content, reader } = await this.#opened(request, id);
    const head = await gone(() => headOf(this.platform.vault.get(message, content)));
    const subject = await this.#named(head.subject, message, reader);
    response.set({ ...SAVED, 'Content-Length': String(content.size) });
    response.attachment(
      savedAs({ filename: `${subject || 'message'}.eml`, contentType: 'message/rfc822', ordinal: 1 }),
    );
    response.type('message/rfc822');
    await send(Readable.from(this.platform.vault.get(message, content)), response);
  }

  /** What it says, to be kept and read anywhere. */
  @Get(':messageId/message.pdf')
  async pdf(
    @Req() request: Request,
    @Param('messageId') id: string,
    @Query() query: unknown,
    @Res() response: Response,
  ): Promise<void> {
    if (await this.#isAskedFor(request, id, response)) return;
    const { language } = readQuery(PdfQuery, query);
    const { message, content, reader } = await this.#opened(request, id);
    const read = await gone(() => this.#turn(reader, () => this.#read(message, content, readMessage)));
    const { text, parts } = read;
    const subject = await this.#named(read.subject, message, reader);
    const saved = () =>
      sendPdf(
        {
          tenant: this.platform.tenants.get(message.tenantId),
          kind: 'received',
          subject,
          from: read.from.map(personText),
          to: read.to.map(personText),
          cc: read.cc.map(personText),
          at: message.depositedAt,
          endsAt: message.endsAt,
          text,
          files: parts.map((part) => ({ name: savedAs(part), size: part.size })),
        },
        language,
        response,
      );
    await pdfInTurn(reader, saved);
  }

  /** It is not for who reads it: it is closed, and its sender is told. */
  @Post(':messageId/decline')
  @HttpCode(204)
  async decline(@Req() request: Request, @Param('messageId') id: string): Promise<void> {
    requireSameSite(request, this.platform);
    const at = new Date();
    const reader = await requireSession(request, this.platform, this.settings, at);
    // Also who can't prove more than his address: that it was written to the wrong person may be why.
    const message = await ownMessage(id, reader, this.platform);
    // Asked for once more, as after an answer that was lost: it is so.
    if (message.declinedAt !== null) return;
    if (hasEnded(message, at)) throw ended();
    await this.#say(message, decliningMessage(message.messageId, at), (about) => ({
      name: 'MailboxMessageDeclined',
      data: { ...about, declinedAt: at.toISOString() },
      personal: null,
    }));
    // It may have been taken back at this very moment.
    if ((await ownMessage(id, reader, this.platform)).declinedAt === null) throw ended();
  }

  async #read<Result>(
    message: StoredMessage,
    content: ContentRef,
    read: (source: AsyncIterable<Buffer>) => Promise<Result>,
  ): Promise<Result> {
    return await read(await asRead(() => this.platform.vault.get(message, content)));
  }

  #named(subject: string, { conversationId }: StoredMessage, reader: StoredSession): Promise<string> {
    return subjectFor(subject, reader, conversationId, this.platform, new Date());
  }

  /** @throws Problem `not-signed-in`, `mailbox-message-not-found`, `mailbox-message-ended`, `proof-demanded` */
  async #find(request: Request, id: string): Promise<{ message: StoredMessage; reader: StoredSession }> {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    return { message: await requireMessage(id, reader, this.platform, now), reader };
  }

  /** As {@link isAskedFor}; nothing is opened by it. */
  async #isAskedFor(request: Request, id: string, response: Response): Promise<boolean> {
    if (request.method !== 'HEAD') return false;
    await this.#contentOf((await this.#find(request, id)).message);
    return isAskedFor(request, response);
  }

  async #contentOf(message: StoredMessage): Promise<ContentRef> {
    const content = await contentOf(message, this.platform);
    if (content === null) throw ended();
    return content;
  }

  /**
   * What somebody is about to read. Only what a signed-in person does counts, and only the first time; it is noted before he
   * has a word of it, so that who takes it back is not told that nobody has read it.
   *
   * @throws as {@link #find}
   */
  async #opened(
    request: Request,
    id: string,
  ): Promise<{ message: StoredMessage; content: ContentRef; reader: StoredSession }> {
    const { message: found, reader } = await this.#find(request, id);
    const content = await this.#contentOf(found);
    if (found.openedAt !== null) return { message: found, content, reader };
    const at = new Date();
    await this.#say(found, openingMessage(found.messageId, at), (about) => ({
      name: 'MailboxMessageOpened',
      data: { ...about, openedAt: at.toISOString() },
      personal: null,
    }));
    // It may have been taken back at this very moment.
    return { ...(await this.#find(request, id)), content };
  }

  /** Where the row changes, and then only. */
  async #say(
    { emailId, tenantId, protectedMessageId, recipientId }: StoredMessage,
    when: NonNullable<AppendOptions['when']>,
    event: (about: { protectedMessageId: ProtectedMessageId; recipientIds: RecipientId[] }) => NewEvent,
  ): Promise<void> {
    const { pool, store } = this.platform;
    const said = event({ protectedMessageId, recipientIds: [recipientId] });
    const traceparent = currentTraceparent();
    await appendInTurn(emailId, pool, (tx) =>
      store.append(tx, { emailId, tenantId }, 'any', [said], { traceparent, when }),
    );
    signalAppended('mailbox');
  }
}

async function gone<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof ContentErasedError ? ended() : error;
  }
}
