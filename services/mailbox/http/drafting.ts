// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type ContentRef } from '@securemail/contracts';
import { Problem, type Platform } from '@securemail/service';
import { z } from 'zod';
import { filesOf, isWhole, type DraftFile } from '../adapters/draft-files.ts';
import {
  beginDraft,
  beginEnding,
  beginEndingEmpty,
  draftOf,
  endDraft,
  keepText,
  letGo,
  makeLetter,
  reserve,
  takeDraft,
  type Changed,
  type Draft,
  type Place,
  type Writer,
} from '../adapters/drafts.ts';
import { readHead, readSaid, saidAsContent, type Said } from '../adapters/kept-parts.ts';
import type { Reader } from '../adapters/messages.ts';
import type { Graded } from '../domain/demands.ts';
import { countReplies, replyOf, type StoredReply } from '../adapters/replies.ts';
import type { MailboxSettings } from '../settings.ts';
import { beingSent, noDraft, orNone, problemOfChange } from './draft-problems.ts';

/** Characters; a novel has ten times as many. */
export const LONGEST_TEXT = 80_000;
export const DraftQuery = z.strictObject({ draft: z.uuid() });
/** Of a page: so that one that is behind another does not write over what that kept. No draft was kept more often than `int32` counts. */
export const DraftWriter = z.strictObject({ writer: z.uuid(), seen: z.int32().min(0) });
/** Of a page that sends: what it knows of the draft, so that nothing is sent, or thrown away, that it did not show. */
export const Shown = { by: DraftWriter.optional(), files: z.array(z.uuid()).max(1_000).optional() };
const MOST_PER_HOUR = 50;
/** How long who sends waits for another one who does. Milliseconds. */
const PATIENCE = 30_000;

/** What is typed, without the files. */
export type Typed = Omit<Said, 'files'>;

/** What is sent. */
interface Sending {
  draftId: string;
  typed: Typed;
  /** As {@link Shown} has it; a program, which shows nothing, names none. */
  by?: Writer | undefined;
  files?: readonly string[] | undefined;
}

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

  /**
   * @param graded as it stays: as what it answered, with all that was demanded of its reader.
   * @throws Problem `draft-not-found`, `draft-being-sent`, `draft-exists` where a letter is under way of which something is written
   */
  async toLetter(place: Place, draftId: string, graded: Graded): Promise<void> {
    const { pool } = this.platform;
    const draft = await this.#underWay(place, draftId);
    let changed = await makeLetter(pool, draft.draftId, graded, new Date());
    if (changed === 'taken' && (await this.#giveWay({ ...place, messageId: null })))
      changed = await makeLetter(pool, draft.draftId, graded, new Date());
    if (changed === 'taken') throw new Problem('draft-exists', 'Send that, or throw it away, before.');
    this.#require(changed);
  }

  /** Whoever only looked at where he writes has begun what nobody would miss. @returns whether nothing is there any more. */
  async #giveWay(place: Place): Promise<boolean> {
    const { pool, vault } = this.platform;
    const draft = await draftOf(pool, place);
    if (draft === null) return true;
    const { subject, text } = await this.#shown(draft);
    if (`${subject}${text}`.trim() !== '') return false;
    if (!(await beginEndingEmpty(pool, draft, new Date()))) return false;
    await vault.erase(draft.draftId);
    await endDraft(pool, draft.draftId);
    return true;
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
   * Sends it, once: asked for again, as after an answer that was lost on its way, it says when that was.
   *
   * @param place where it is written; asked only where it was not sent before.
   * @throws Problem `draft-changed` where it is another by now than whoever sends it has seen, and much else.
   * @param submit makes an email of it, or null where that was done meanwhile.
   */
  async send<Where extends Place>(
    reader: Reader,
    { place, ...sending }: Sending & { place: () => Promise<Where> },
    submit: (draft: Draft, place: Where, at: Date) => Promise<StoredReply | null>,
  ) {
    const giveUpAt = Date.now() + PATIENCE;
    for (;;) {
      // Also where what it answers has ended since.
      const before = await replyOf(this.platform.pool, reader, sending.draftId);
      if (before !== null) return sentAs(await this.#same(before, sending.typed));
      const sent = await this.#sendOnce(await place(), sending, submit);
      if (sent !== null) return sentAs(sent);
      if (Date.now() > giveUpAt) throw beingSent();
      await sleep(200);
    }
  }

  /** @returns null where somebody else is at it. */
  async #sendOnce<Where extends Place>(
    place: Where,
    { draftId, typed: { text }, by, files: shown }: Sending,
    submit: (draft: Draft, place: Where, at: Date) => Promise<StoredReply | null>,
  ): Promise<StoredReply | null> {
    const { pool } = this.platform;
    const now = new Date();
    const draft = await draftOf(pool, place);
    if (draft?.draftId !== draftId)
      return (await replyOf(pool, place, draftId)) === null ? Promise.reject(noDraft()) : null;
    const taken = await takeDraft(pool, draft.draftId, by ?? null, now);
    if (taken === 'overtaken') throw problemOfChange(taken, this.settings.replies);
    if (taken !== 'kept') return null;
    try {
      const files = await filesOf(pool, draft.draftId);
      if (!files.every(isWhole))
        throw new Problem('file-not-whole', 'Take it out, or wait until all of it has come.');
      if (shown !== undefined && !areSame(files, shown))
        throw problemOfChange('overtaken', this.settings.replies);
      this.#requireChecked(files);
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
    if (changed !== 'kept') throw problemOfChange(changed, this.settings.replies);
  }

  /** Null: it is not whole yet, or nothing is looked into here. `delayed`: the scanner can't be asked at this moment. */
  #checkOf(file: DraftFile): 'under-way' | 'delayed' | DraftFile['verdict'] {
    if (file.verdict !== null) return file.verdict;
    if (this.settings.clamav === undefined || !isWhole(file)) return null;
    return file.failedChecks === 0 ? 'under-way' : 'delayed';
  }

  /** @throws Problem `file-harmful`, `file-unscannable`, `file-not-checked` */
  #requireChecked(files: readonly DraftFile[]): void {
    const checks = files.map((file) => this.#checkOf(file));
    if (checks.includes('harmful')) throw new Problem('file-harmful', 'Take it out.');
    if (checks.includes('unscannable')) throw new Problem('file-unscannable', 'Take it out.');
    if (checks.some((check) => check !== null && check !== 'clean'))
      throw new Problem('file-not-checked', 'Take it out, or wait until that is done.');
  }

  /** @param kept what was kept just now. */
  async #shown({ draftId, said, version }: Draft, kept?: Typed) {
    const { pool, vault } = this.platform;
    const owner = { emailId: draftId };
    const files = await filesOf(pool, draftId);
    const { contact, subject, text } =
      kept ?? (said === null ? { contact: null, subject: '', text: '' } : await readSaid(vault, owner, said));
    const { maxBytes, maxFiles } = this.settings.replies;
    return {
      draftId,
      version,
      limits: { maxBytes, maxFiles },
      contactId: contact?.id ?? null,
      subject,
      text,
      files: await Promise.all(
        files.map(async (file) => {
          const { fileId, parts, size, received } = file;
          const { name, chosenAs } = await readHead(vault, owner, parts);
          const missing =
            received === size ? null : { chosenAs, received, digest: digestOfParts(parts.slice(1)) };
          return { fileId, name, size, missing, check: this.#checkOf(file) };
        }),
      ),
    };
  }
}

const areSame = (files: readonly DraftFile[], shown: readonly string[]): boolean =>
  files.length === new Set(shown).size && files.every(({ fileId }) => shown.includes(fileId));

/**
 * Of what has come of a file: SHA-256, in hexadecimal, over the SHA-256 of each `PART_SIZE` octets of it. Who chooses a
 * file again finds out by it whether it is the same, without reading in all of it at once.
 */
function digestOfParts(parts: readonly ContentRef[]): string {
  const hash = createHash('sha256');
  for (const { sha256 } of parts) hash.update(Buffer.from(sha256, 'hex'));
  return hash.digest('hex');
}

const sentAs = ({ replyId, submittedAt }: StoredReply) => ({
  replyId,
  submittedAt: submittedAt.toISOString(),
});
