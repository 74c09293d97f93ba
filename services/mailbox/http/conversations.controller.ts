// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import {
  cursorOf,
  cursorTime,
  PLATFORM,
  Problem,
  readCursor,
  readQuery,
  type Platform,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { begunDraftsOf, type BegunDraft } from '../adapters/drafts.ts';
import { conversationsOf, type StoredConversation } from '../adapters/listed-conversations.ts';
import { messageOf } from '../adapters/messages.ts';
import { replyOf } from '../adapters/replies.ts';
import { isAnswerSubject, nameOf, ownSubject, startOf } from '../domain/conversation-name.ts';
import { answerIn, entriesOf, headIn, nameIn, saidIn } from '../entries.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { lacking, lackingOfOwn, type ProvenReader } from '../proofs.ts';
import { requireSession } from './signed-in.ts';

const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: z.string().max(300).optional(),
});
const Position = z.strictObject({ lastAt: cursorTime, conversationId: z.uuid() });

/** All that who is signed in wrote and was written here, by what belongs together, until it ends. */
@Controller('mailbox/v1/conversations')
export class ConversationsController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(@Req() request: Request, @Query() query: unknown) {
    const { limit, cursor } = readQuery(ListQuery, query);
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    const after = cursor === undefined ? null : readCursor(cursor, Position);
    const rows = await conversationsOf(this.platform.pool, reader, { now, limit: limit + 1, after });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const drafts = await begunDraftsOf(this.platform.pool, reader, now);
    const conversations = await Promise.all(page.map((each) => this.#listed(reader, each, drafts)));
    return {
      conversations: conversations.filter((each) => each !== null),
      next:
        rows.length > limit && last !== undefined
          ? cursorOf({ lastAt: last.lastAt.toISOString(), conversationId: last.conversationId })
          : null,
      // What is listed by no conversation any more; once, beside the newest.
      ...(after === null ? inNone(drafts) : { left: [], letter: null }),
    };
  }

  @Get(':conversationId')
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request, @Param('conversationId') id: string) {
    const now = new Date();
    const reader = await requireSession(request, this.platform, this.settings, now);
    const entries = z.uuid().safeParse(id).success ? await entriesOf(reader, id, this.platform, now) : [];
    if (entries.length === 0)
      throw new Problem('mailbox-message-not-found', 'It is not among your conversations.');
    return { conversationId: id, name: nameIn(entries), entries };
  }

  async #nameOf(
    reader: ProvenReader,
    { letterId, firstIds, replyId }: Pick<StoredConversation, 'letterId' | 'firstIds' | 'replyId'>,
  ): Promise<string> {
    const { pool } = this.platform;
    const letter = letterId === null ? null : await replyOf(pool, reader, letterId);
    const isShown = letter !== null && lackingOfOwn(letter, reader, this.platform).length === 0;
    const begun = isShown ? nameOf([(await saidIn(letter, this.platform))?.subject ?? '']) : '';
    if (begun !== '') return begun;
    let areAnswers = true;
    for (const id of firstIds) {
      const message = await messageOf(pool, reader, id);
      // Of what he lacks a proof for nothing is said.
      if (message === null || lacking(message, reader, this.platform).length > 0) continue;
      const subject = (await headIn(message, this.platform))?.subject ?? '';
      const name = nameOf([subject]);
      if (name !== '') return name;
      areAnswers &&= isAnswerSubject(subject);
    }
    const reply = areAnswers && replyId !== null ? await replyOf(pool, reader, replyId) : null;
    if (reply === null || lackingOfOwn(reply, reader, this.platform).length > 0) return '';
    return startOf((await saidIn(reply, this.platform))?.text ?? '');
  }

  /** With the last that was written to the reader, else with what he wrote; null where all of it was erased. */
  async #listed(
    reader: ProvenReader,
    { messageId, replyId, ...found }: StoredConversation,
    drafts: readonly BegunDraft[],
  ) {
    const { pool } = this.platform;
    const message = messageId === null ? null : await messageOf(pool, reader, messageId);
    const withheld = message === null ? [] : lacking(message, reader, this.platform);
    const head = message === null || withheld.length > 0 ? null : await headIn(message, this.platform);
    const isNamed = head !== null || withheld.length > 0;
    const reply = isNamed || replyId === null ? null : await replyOf(pool, reader, replyId);
    const lacks = reply === null ? withheld : lackingOfOwn(reply, reader, this.platform);
    const said = reply === null || lacks.length > 0 ? null : await saidIn(reply, this.platform);
    if (head === null && said === null && lacks.length === 0) return null;
    const subject = head === null ? (said?.subject ?? '') : await this.#nameOf(reader, { ...found, replyId });
    return {
      conversationId: found.conversationId,
      messageId: isNamed ? messageId : null,
      lacks,
      subject,
      ownSubject: head === null ? '' : ownSubject(head.subject, subject),
      from: head?.from ?? [],
      contact: said?.contact?.name ?? null,
      lastAt: found.lastAt.toISOString(),
      endsAt: found.endsAt.toISOString(),
      unread: found.unread,
      draft: answerIn(drafts, found.conversationId),
    };
  }
}

/** What was begun and stands in no conversation: answers to what has ended, and a letter. */
function inNone(drafts: readonly BegunDraft[]) {
  const letter = drafts.find(({ messageId }) => messageId === null);
  return {
    left: drafts.flatMap(({ messageId, isLeft, changedAt }) =>
      isLeft && messageId !== null ? [{ messageId, changedAt: changedAt.toISOString() }] : [],
    ),
    letter: letter === undefined ? null : { changedAt: letter.changedAt.toISOString() },
  };
}
