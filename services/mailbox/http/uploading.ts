// SPDX-License-Identifier: Apache-2.0
import type { Hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type Platform } from '@securemail/service';
import { ContentMissingError } from '@securemail/vault';
import type { Request } from 'express';
import libmime from 'libmime';
import { z } from 'zod';
import {
  beginFile,
  fileOf,
  isWhole,
  noteReceived,
  removeFile,
  type DraftFile,
} from '../adapters/draft-files.ts';
import { draftOf, release, reserve, type Changed, type Draft, type Place } from '../adapters/drafts.ts';
import { headAsContent, readHead } from '../adapters/kept-parts.ts';
import { endingOf, SAYING } from '../adapters/looked-into.ts';
import { PART_SIZE, takeIn } from '../adapters/take-in.ts';
import type { Checking } from '../checking.ts';
import { isRefused } from '../domain/reply.ts';
import { savedAs } from '../domain/saved-as.ts';
import type { MailboxSettings } from '../settings.ts';
import { noDraft, orNone, problemOfChange } from './draft-problems.ts';
import { readChecksum, readCreation, requireOffset, UPLOAD_TYPE, wrongOffset } from './tus.ts';

/** Files that come into a draft, each over as many requests as it takes. */
export class Uploading {
  constructor(
    private readonly platform: Pick<Platform, 'pool' | 'vault'>,
    private readonly settings: MailboxSettings,
    private readonly checking: Checking,
  ) {}

  /**
   * Begins a file; what the body has of it is taken, too.
   *
   * @param find whose it is, once the request looks like one.
   * @throws Problem `file-refused`, `reply-too-large`, `draft-not-found`, `draft-being-sent`, `invalid-request`
   */
  async begin(
    find: () => Promise<Place>,
    draftId: string,
    request: Request,
  ): Promise<{ file: DraftFile; name: string }> {
    const { size, name: chosenAs, fileId } = readCreation(request);
    // Before anything is kept: whoever is refused is not told what it is called by.
    readChecksum(request);
    const place = await find();
    const name = savedAs({ filename: chosenAs, contentType: 'application/octet-stream', ordinal: 1 });
    if (isRefused(name, this.settings.replies.refusedEndings)) throw fileRefused();
    const { pool, vault } = this.platform;
    const draft = await this.#underWay(place, draftId);
    const before = await fileOf(pool, draft.draftId, fileId);
    if (before !== null) return await this.#begunBefore(draft, before);
    const { replies } = this.settings;
    if (size > replies.maxBytes) this.#require('too-much');
    this.#require(await reserve(pool, draft.draftId, { octets: size, as: 'file' }, replies, new Date()));
    const owner = { ...draft, emailId: draft.draftId };
    const head = headAsContent({ name, contentType: typeOf(name), chosenAs });
    const parts = [await orNone(() => vault.put(owner, head))];
    const at = new Date();
    const begun = await beginFile(pool, draft, { fileId, parts, size }, replies, at);
    if (begun !== 'kept') {
      await vault.remove(owner, parts);
      await release(pool, draft.draftId, size);
      const other = begun === 'overtaken' ? await fileOf(pool, draft.draftId, fileId) : null;
      if (other !== null) return await this.#begunBefore(draft, other);
    }
    this.#require(begun);
    const file: DraftFile = {
      fileId,
      parts,
      size,
      received: 0,
      touchedAt: at,
      verdict: null,
      failedChecks: 0,
    };
    const hasBody = request.headers['content-type'] === UPLOAD_TYPE;
    if (!hasBody && isWhole(file)) this.checking.wake();
    return { file: hasBody ? await this.#takeIn(draft, file, request) : file, name };
  }

  /** @throws Problem `file-not-found` */
  async show(place: Place, fileId: string): Promise<DraftFile> {
    return (await this.#find(place, fileId)).file;
  }

  /**
   * Takes what the body has more of a file.
   *
   * @throws Problem `wrong-offset`, `wrong-checksum`, `file-not-found`, `file-refused`, `draft-being-sent`, `reply-too-large`
   */
  async goOn(place: Place, fileId: string, request: Request): Promise<DraftFile> {
    const { draft, file } = await this.#find(place, fileId);
    requireOffset(request, file);
    // Of what is whole, and was not found clean, only what it is called is left.
    if (isWhole(file) && file.verdict !== null) return file;
    return await this.#takeIn(draft, file, request);
  }

  /** What was taken out, or was never there, is none of its concern. @throws Problem `draft-not-found`, `draft-being-sent` */
  async remove(place: Place, fileId: string): Promise<void> {
    const draft = await draftOf(this.platform.pool, place);
    if (draft === null || !z.uuid().safeParse(fileId).success) throw noDraft();
    await this.#remove(draft, fileId);
  }

  async #remove(draft: Draft, fileId: string): Promise<void> {
    const { pool, vault } = this.platform;
    const file = await removeFile(pool, draft.draftId, fileId, new Date());
    if (file === null) return;
    if (typeof file === 'string') throw problemOfChange(file, this.settings.replies);
    await vault.remove({ emailId: draft.draftId }, file.parts);
    // What was whole stays counted: a draft is no place to put one thing after the other.
    if (!isWhole(file)) await release(pool, draft.draftId, file.size);
  }

  async #takeIn(draft: Draft, file: DraftFile, request: Request): Promise<DraftFile> {
    const { pool, vault } = this.platform;
    const { replies } = this.settings;
    const checksum = readChecksum(request);
    // What lies there already is put once more, or may be put in vain.
    const again = (file.received % PART_SIZE) + (checksum === null ? 0 : bodySize(request, file));
    if (again > 0)
      this.#require(
        await onceLetGo(() =>
          reserve(pool, draft.draftId, { octets: again, as: 'file' }, replies, new Date()),
        ),
      );
    // Who is refused half-way is still to hear it.
    const octets = sent(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
    const taking = {
      vault,
      owner: { ...draft, emailId: draft.draftId },
      file,
      verify: checksum?.verify ?? null,
      judge: async (first: Buffer, isAll: boolean) => {
        if (!isAll && first.length < SAYING) return;
        const ending = await endingOf(first);
        if (ending !== null && replies.refusedEndings.includes(ending)) throw fileRefused();
      },
      note: async (now: DraftFile, from: number) => {
        const noted = await onceLetGo(() => noteReceived(pool, draft.draftId, now, from, new Date()));
        if (noted === 'kept') return null;
        return noted === 'overtaken' ? wrongOffset(null) : problemOfChange(noted, replies);
      },
      tooMuch: () => problemOfChange('too-much', replies),
    };
    try {
      const source = checksum === null ? octets : hashed(octets, checksum.hash);
      const taken = await orNone(() => takeIn(taking, source));
      if (isWhole(taken)) this.checking.wake();
      return { ...taken, touchedAt: new Date() };
    } catch (error) {
      if (error instanceof Problem && error.slug === 'file-refused') await this.#remove(draft, file.fileId);
      // Whoever was quicker has replaced what this one would have filled up.
      if (error instanceof ContentMissingError) throw wrongOffset(null);
      throw error;
    }
  }

  async #begunBefore(draft: Draft, file: DraftFile): Promise<{ file: DraftFile; name: string }> {
    const owner = { emailId: draft.draftId };
    const { name } = await orNone(() => readHead(this.platform.vault, owner, file.parts));
    return { file, name };
  }

  async #underWay(place: Place, draftId: string): Promise<Draft> {
    const draft = await draftOf(this.platform.pool, place);
    if (draft?.draftId !== draftId) throw noDraft();
    return draft;
  }

  async #find(place: Place, fileId: string): Promise<{ draft: Draft; file: DraftFile }> {
    const draft = await draftOf(this.platform.pool, place);
    const isId = z.uuid().safeParse(fileId).success;
    const file = draft === null || !isId ? null : await fileOf(this.platform.pool, draft.draftId, fileId);
    if (draft === null || file === null)
      throw new Problem('file-not-found', 'It was taken out, or its draft was sent or thrown away.');
    return { draft, file };
  }

  #require(changed: Changed): void {
    if (changed !== 'kept') throw problemOfChange(changed, this.settings.replies);
  }
}

/** Milliseconds. */
const PATIENCE = 5_000;
const BETWEEN = 100;

/** As long as a file is not whole its draft is not sent: whoever tries lets go of it again within moments. */
async function onceLetGo(change: () => Promise<Changed>): Promise<Changed> {
  const giveUpAt = Date.now() + PATIENCE;
  for (;;) {
    const changed = await change();
    if (changed !== 'busy' || Date.now() > giveUpAt) return changed;
    await sleep(BETWEEN);
  }
}

/** A phone that loses its network is no fault of what is here. */
async function* sent(octets: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  const coming = octets[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await coming.next().catch(() => {
        throw new Problem('incomplete-message', 'What came is kept, unless it had a checksum.');
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await coming.return?.();
  }
}

async function* hashed(octets: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of octets) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Who does not say how much comes is taken to send all that is missing. */
function bodySize({ headers }: Request, { size, received }: DraftFile): number {
  const declared = Number(headers['content-length'] ?? size);
  return Math.min(Number.isSafeInteger(declared) ? declared : size, size - received);
}

/** A multipart is made of others (RFC 2046 §5.1); some tables have archives be one. */
function typeOf(name: string): string {
  const found = libmime.detectMimeType(name) || '';
  return found === '' || found.startsWith('multipart/') ? 'application/octet-stream' : found;
}

const fileRefused = () => new Problem('file-refused', 'It may act as a program.');
