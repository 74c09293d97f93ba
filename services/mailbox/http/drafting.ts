// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { Problem, type Platform } from '@securemail/service';
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
  release,
  removeFile,
  reserve,
  takeDraft,
  type Changed,
  type Draft,
  type DraftFile,
  type Place,
  type Writer,
} from '../adapters/drafts.ts';
import { lookedInto } from '../adapters/looked-into.ts';
import { readHead, readSaid, saidAsContent, withHead, type Said } from '../adapters/kept-parts.ts';
import type { Reader } from '../adapters/messages.ts';
import { countReplies, replyOf, type StoredReply } from '../adapters/replies.ts';
import { isRefused } from '../domain/reply.ts';
import { savedAs } from '../domain/saved-as.ts';
import type { MailboxSettings } from '../settings.ts';

/** Characters; a novel has ten times as many. */
export const LONGEST_TEXT = 80_000;
export const DraftQuery = z.strictObject({ draft: z.uuid() });
/** Of a page: so that one that is behind another does not write over what that kept. */
export const DraftWriter = z.strictObject({ writer: z.uuid(), seen: z.int().min(0) });
const FileName = z.string().min(1).max(1_000);
const MOST_PER_HOUR = 50;
/** How long who sends waits for another one who does. Milliseconds. */
const PATIENCE = 30_000;

/** What is typed, without the files. */
export type Typed = Omit<Said, 'files'>;

/** What somebody writes: kept on the server while it is written, and sent once. */
export class Drafting {
  constructor(
    private readonly platform: Pick<Platform, 'pool' | 'vault'>,
    private readonly settings: MailboxSettings,
  ) {}

  /** Null where none is under way. */
  async show(place: Place) {
    const draft = await draftOf(this.platform.pool, place);
    return draft === null ? null : await this.#shown(draft);
  }

  /** That which is under way; else a new one. */
  async begin({ tenantId, person, messageId }: Place) {
    const { pool } = this.platform;
    const place = { tenantId, person, messageId };
    const begun =
      (await draftOf(pool, place)) ??
      (await beginDraft(pool, { ...place, draftId: newEmailId(), changedAt: new Date() }));
    return await this.#shown(begun);
  }

  /** @throws Problem `draft-not-found`, `draft-being-sent`, `draft-changed`, `reply-too-large` */
  async keep(place: Place, draftId: string, typed: Typed, by: Writer | null = null) {
    const draft = await this.#underWay(place, draftId);
    const { pool, vault } = this.platform;
    const owner = { ...draft, emailId: draft.draftId };
    const octets = Buffer.byteLength(typed.text);
    const counted = { octets, as: 'text' } as const;
    this.#require(await reserve(pool, draft.draftId, counted, this.settings.replies, new Date()));
    const said = await orNone(() => vault.put(owner, saidAsContent({ ...typed, files: [] })));
    this.#require(await keepText(pool, draft.draftId, said, by, new Date()));
    return await this.#shown((await draftOf(pool, place)) ?? draft, typed);
  }

  /** @throws Problem `draft-being-sent` */
  async throwAway(place: Place, draftId: string): Promise<void> {
    const { pool, vault } = this.platform;
    const draft = await draftOf(pool, place);
    if (draft?.draftId !== draftId) return;
    const begun = await beginEnding(pool, draft.draftId, new Date());
    if (begun === 'busy') throw beingSent();
    if (begun !== 'kept') return;
    await vault.erase(draft.draftId);
    await endDraft(pool, draft.draftId);
  }

  /**
   * The body is the file, as it is; its name, which tells what it is taken for, is in no URL: proxies keep those.
   *
   * @param find whose it is, once the request looks like one.
   * @throws Problem `file-refused`, `reply-too-large`, `draft-not-found`, `invalid-request`
   */
  async addFile(find: () => Promise<Place>, draftId: string, request: Request) {
    const name = nameIn(request);
    const place = await find();
    const { refusedEndings, maxBytes } = this.settings.replies;
    const shown = savedAs({ filename: name, contentType: 'application/octet-stream', ordinal: 1 });
    const refused = () => new Problem('file-refused', 'It may act as a program.');
    if (isRefused(shown, refusedEndings)) throw refused();
    const judge = (ending: string | null) => {
      if (ending !== null && refusedEndings.includes(ending)) throw refused();
    };
    const tooLarge = () => this.#tooLarge();
    // Browsers say how much it is; who does not is taken to send as much as may be.
    const declared = Number(request.headers['content-length'] ?? maxBytes);
    if (!(declared <= maxBytes)) throw tooLarge();
    const { pool, vault } = this.platform;
    const draft = await this.#underWay(place, draftId);
    if ((await filesOf(pool, draft.draftId)).length >= this.settings.replies.maxFiles) throw tooLarge();
    const reserved = { octets: declared, as: 'file' } as const;
    this.#require(await reserve(pool, draft.draftId, reserved, this.settings.replies, new Date()));
    let size = 0;
    async function* counted(): AsyncGenerator<Buffer, void, void> {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge();
        yield chunk;
      }
    }
    const head = { name: shown, contentType: typeOf(shown) };
    const owner = { ...draft, emailId: draft.draftId };
    const content = await orNone(() => vault.put(owner, withHead(head, lookedInto(counted(), judge)))).catch(
      async (error: unknown) => {
        await release(pool, draft.draftId, declared);
        throw error;
      },
    );
    const file: DraftFile = { fileId: randomUUID(), content, size };
    this.#require(await addFile(pool, draft.draftId, file, this.settings.replies, new Date()));
    return { fileId: file.fileId, name: head.name, size };
  }

  async removeFile(place: Place, fileId: string): Promise<void> {
    const draft = await draftOf(this.platform.pool, place);
    if (draft === null || !z.uuid().safeParse(fileId).success) throw noDraft();
    this.#require(await removeFile(this.platform.pool, draft.draftId, fileId, new Date()));
  }

  /**
   * Sends it, once: asked for again, as after an answer that was lost on its way, it says when that was.
   *
   * @param place where it is written; asked only where it was not sent before.
   * @param submit makes an email of it, or null where that was done meanwhile.
   */
  async send<Where extends Place>(
    reader: Reader,
    { place, draftId, typed }: { place: () => Promise<Where>; draftId: string; typed: Typed },
    submit: (draft: Draft, place: Where, at: Date) => Promise<StoredReply | null>,
  ) {
    const giveUpAt = Date.now() + PATIENCE;
    for (;;) {
      // Also where what it answers has ended since.
      const before = await replyOf(this.platform.pool, reader, draftId);
      if (before !== null) return sentAs(await this.#same(before, typed));
      const sent = await this.#sendOnce(await place(), draftId, typed, submit);
      if (sent !== null) return sentAs(sent);
      if (Date.now() > giveUpAt) throw beingSent();
      await sleep(200);
    }
  }

  /** @returns null where somebody else is at it. */
  async #sendOnce<Where extends Place>(
    place: Where,
    draftId: string,
    { text }: Typed,
    submit: (draft: Draft, place: Where, at: Date) => Promise<StoredReply | null>,
  ): Promise<StoredReply | null> {
    const { pool } = this.platform;
    const now = new Date();
    const draft = await draftOf(pool, place);
    if (draft?.draftId !== draftId)
      return (await replyOf(pool, place, draftId)) === null ? Promise.reject(noDraft()) : null;
    if (!(await takeDraft(pool, draft.draftId, now))) return null;
    try {
      const files = await filesOf(pool, draft.draftId);
      if (text.trim() === '' && files.length === 0)
        throw new Problem('invalid-request', 'There is nothing to be sent: neither a text nor a file.');
      if ((await countReplies(pool, place, new Date(now.getTime() - 3_600_000))) >= MOST_PER_HOUR)
        throw new Problem('too-many-replies', 'Fifty within an hour.');
      return await orNone(() => submit(draft, place, now));
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
  async #same(sent: StoredReply, { text, subject, contact }: Typed): Promise<StoredReply> {
    const said = await orNone(() => readSaid(this.platform.vault, { emailId: sent.replyId }, sent.said));
    const isSame = said.text === text && said.subject === subject && said.contact?.id === contact?.id;
    if (!isSame) throw noDraft();
    return sent;
  }

  /** @throws Problem `draft-not-found` where it was sent or thrown away, perhaps by another page. */
  async #underWay(place: Place, draftId: string): Promise<Draft> {
    const draft = await draftOf(this.platform.pool, place);
    if (draft?.draftId !== draftId) throw noDraft();
    return draft;
  }

  #require(changed: Changed): void {
    switch (changed) {
      case 'kept':
        return;
      case 'gone':
        throw noDraft();
      case 'busy':
        throw beingSent();
      case 'overtaken':
        throw new Problem('draft-changed', 'Another page kept something since.');
      case 'too-much':
        throw this.#tooLarge();
    }
  }

  #tooLarge(): Problem {
    const { maxBytes, maxFiles } = this.settings.replies;
    return new Problem('reply-too-large', 'More than one answer takes.', { maxBytes, maxFiles });
  }

  /** @param kept what was kept just now. */
  async #shown({ draftId, said, version }: Draft, kept?: Typed) {
    const { pool, vault } = this.platform;
    const owner = { emailId: draftId };
    const files = await filesOf(pool, draftId);
    const { contact, subject, text } =
      kept ?? (said === null ? { contact: null, subject: '', text: '' } : await readSaid(vault, owner, said));
    return {
      draftId,
      version,
      contactId: contact?.id ?? null,
      subject,
      text,
      files: await Promise.all(
        files.map(async ({ fileId, content, size }) => ({
          fileId,
          name: (await readHead(vault, owner, content)).name,
          size,
        })),
      ),
    };
  }
}

/** A multipart is made of others (RFC 2046 §5.1); some tables have archives be one. */
function typeOf(name: string): string {
  const found = libmime.detectMimeType(name) || '';
  return found === '' || found.startsWith('multipart/') ? 'application/octet-stream' : found;
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

const beingSent = () => new Problem('draft-being-sent', 'It ends within two minutes.');

const noDraft = () => new Problem('draft-not-found', 'Nothing is under way, or it was sent from elsewhere.');
