// SPDX-License-Identifier: Apache-2.0
import { Controller, Delete, Get, Header, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { jsonBody, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import type { Place } from '../adapters/drafts.ts';
import { provenAddress } from '../adapters/proven-address.ts';
import type { StoredSession } from '../adapters/sessions.ts';
import { contactsNow, requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { sendLetter } from '../writing-first.ts';
import { DraftQuery, Drafting, DraftWriter, LONGEST_TEXT, Shown, type Typed } from './drafting.ts';
import { placeOfLetter, requireLetter } from './found.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

const Letter = z.strictObject({
  draftId: z.uuid(),
  contactId: z.string().max(40).nullable(),
  /** On one line: tabs and the like, as a copied table has them, are no more than what parts words. */
  subject: z
    .string()
    .max(200)
    .regex(/^[^\r\n]*$/, 'on one line')
    .transform((subject) => subject.replaceAll(/\p{Cc}/gu, ' ')),
  text: z.string().max(LONGEST_TEXT),
});
const DraftRequest = z.union([Letter.extend({ by: DraftWriter.optional() }), z.strictObject({})]);
const LetterRequest = Letter.extend({ contactId: z.string().max(40), ...Shown });

/** What who is signed in writes without having been written to. */
@Controller('mailbox/v1/letters')
export class LettersController {
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
  async show(@Req() request: Request) {
    return { draft: await this.#drafting.show(await this.#place(await this.#session(request))) };
  }

  /** Begins it where there is none; or keeps what was typed, and who was chosen. */
  @Put('draft')
  @Header('Cache-Control', 'no-store')
  async keep(@Req() request: Request) {
    requireSameSite(request, this.platform);
    const session = await this.#session(request);
    const asked = await jsonBody(request, DraftRequest);
    if ('text' in asked) {
      const { draftId, contactId, subject, text, by } = asked;
      const typed = this.#typed(session, { contactId, subject, text });
      return await this.#drafting.keep(await this.#place(session), draftId, typed, by);
    }
    if (this.#contacts(session).size === 0) throw nobody();
    return await this.#drafting.begin(await this.#place(session));
  }

  /** Also without the proof that it demands: who can't give that any more could else never write another one. */
  @Delete('draft')
  @HttpCode(204)
  async throwAway(@Req() request: Request, @Query() query: unknown): Promise<void> {
    requireSameSite(request, this.platform);
    const { draft } = readQuery(DraftQuery, query);
    await this.#drafting.throwAway(placeOfLetter(await this.#session(request)), draft);
  }

  @Post()
  @HttpCode(202)
  async send(@Req() request: Request) {
    requireSameSite(request, this.platform);
    const letter = await jsonBody(request, LetterRequest);
    const session = await this.#session(request);
    const author = await provenAddress(session, this.platform);
    if (author === null) throw new Problem('not-signed-in', 'Sign in once more.');
    return await this.#drafting.send(
      session,
      {
        place: () => this.#place(session),
        draftId: letter.draftId,
        typed: this.#typed(session, letter),
        by: letter.by,
        files: letter.files,
      },
      (draft, _, at) => sendLetter(draft, author, letter, this.platform, at),
    );
  }

  #session(request: Request): Promise<StoredSession> {
    return requireSession(request, this.platform, this.settings, new Date());
  }

  #place(session: StoredSession): Promise<Place> {
    return requireLetter(session, this.platform);
  }

  #contacts(session: StoredSession) {
    return contactsNow(requireOrganisation(session.tenantId, this.platform), this.platform);
  }

  /** Who is on the list no more stays chosen until another one is: the letter is not sent meanwhile. */
  #typed(
    session: StoredSession,
    { contactId, subject, text }: Omit<z.output<typeof Letter>, 'draftId'>,
  ): Typed {
    const name = contactId === null ? '' : (this.#contacts(session).get(contactId)?.name ?? '');
    return { contact: contactId === null ? null : { id: contactId, name }, subject, text };
  }
}

const nobody = () => new Problem('contact-not-found', 'The organisation takes no messages here.');
