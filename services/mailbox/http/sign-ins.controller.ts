// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { Address, Language, TenantId } from '@securemail/contracts';
import { jsonBody, PLATFORM, Problem, readQuery, type Platform, type Tenant } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { isWriting } from '../adapters/drafts.ts';
import { newestMessageOf, type StoredMessage } from '../adapters/messages.ts';
import type { Persons } from '../adapters/person-keys.ts';
import { newestReplyOf, type StoredReply } from '../adapters/replies.ts';
import { digestOf, isCode } from '../adapters/secrets.ts';
import { endSignIn, takeTry } from '../adapters/sign-ins.ts';
import { submittedOf } from '../adapters/submitted.ts';
import { judgeCode } from '../domain/sign-in.ts';
import { contactsNow, requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, PERSONS, type MailboxSettings } from '../settings.ts';
import { beginSignIn, type Claim } from '../signing-in.ts';
import { BegunAt, begunOf, isBegunAt, tellBegun } from './begun-sign-ins.ts';
import { COOKIES } from './cookies.ts';
import { followLink } from './found.ts';
import {
  NetworkLimit,
  networkOf,
  OF_PERSON,
  personIn,
  SharedLimit,
  tooMuchOfNetwork,
  TRIES_UP_TO,
  widerNetworkOf,
} from './network-limit.ts';
import { startSession } from './new-session.ts';
import { requireSameSite } from './same-site.ts';
import { findSession } from './signed-in.ts';
import { Link } from './sign-in-place.ts';

const InLanguage = Language.optional().describe(
  'Of the mail with the code; without it, that of who wrote to the reader',
);
export const SignInRequest = z.union(
  [
    z.strictObject({ link: Link, language: InLanguage }),
    z.strictObject({ organisation: TenantId, address: Address, language: InLanguage }),
    z.strictObject({
      organisation: TenantId,
      address: Address,
      to: z.literal('write').describe('Also who was never written to gets a code'),
      language: Language.describe('Of the mail with the code'),
    }),
  ],
  { error: 'either `link`, or `organisation` and `address`, with `language`; to write first `to`, too' },
);
export const CodeRequest = z.strictObject({
  code: z
    .string()
    .transform((code) => code.replaceAll(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'six digits')),
});
const ProveRequest = CodeRequest.extend({
  at: BegunAt.optional().describe('Where it was begun; without it, the last one of this browser'),
});

/** What is left for each network where others have used up what an organisation sends to newcomers. */
const NEWCOMERS_OF_NETWORK = 3;
/** Every answer to an address takes at least so long: whether it is known is not to be told by the time. Milliseconds. */
const ADDRESS_ANSWER_MS = 400;

/** Proves that an address is somebody's own, by a code that is sent to it. */
@Controller('mailbox/v1/sign-ins')
export class SignInsController {
  /** For addresses: who has a link is counted by himself alone ({@link beginSignIn}), and a made-up one gets no code. */
  readonly #codes: SharedLimit;
  readonly #tries: SharedLimit;
  /** Sent to whatever address is said: what others have used up is used up. */
  readonly #toWrite: NetworkLimit;
  /** By organisation: its name is not to be spread by codes that nobody asked for. */
  readonly #newcomers: SharedLimit;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
    @Inject(PERSONS) private readonly persons: Persons,
  ) {
    const { codes, tries, newcomers } = settings.limits;
    this.#codes = new SharedLimit(codes, OF_PERSON);
    this.#tries = new SharedLimit(tries, OF_PERSON, TRIES_UP_TO);
    this.#toWrite = new NetworkLimit(codes);
    this.#newcomers = new SharedLimit(newcomers, NEWCOMERS_OF_NETWORK);
  }

  @Post()
  @HttpCode(202)
  async begin(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const asked = await jsonBody(request, SignInRequest);
    const now = new Date();
    const open = 'link' in asked ? await this.#openTo(request, asked.link, now) : null;
    if (open !== null) return open;
    const claim =
      'link' in asked
        ? await this.#claimOfLink(asked, now)
        : 'to' in asked
          ? await this.#claimToWrite(asked, request)
          : await this.#claimOfAddress(asked, request, now);
    if ('to' in asked && !(await this.#newcomers.take(claim.tenant.id, widerNetworkOf(request))))
      throw new Problem('too-many-codes', 'Very many people want to write at this moment.');
    const networks = { network: networkOf(request), wider: widerNetworkOf(request) };
    const begin = beginSignIn(claim, networks, this.platform, this.settings, now);
    const [begun] = await Promise.all([begin, sleep(claim.byLink ? 0 : ADDRESS_ANSWER_MS)]);
    if (begun === null) {
      // Who asks for many for one address uses up nobody else's.
      if ('to' in asked) await this.#newcomers.giveBack(claim.tenant.id, widerNetworkOf(request));
      throw new Problem('too-many-codes', 'So many codes were asked for and not used within an hour.');
    }
    // Another tab may wait for a code, too; of those for one page the newest counts.
    const to = 'to' in asked ? asked.to : undefined;
    const here = 'link' in asked ? { link: asked.link } : { organisation: asked.organisation, to };
    const isHere = await isBegunAt(here, this.platform);
    const others = (await begunOf(request, this.platform)).filter((each) => !isHere(each));
    const tokens = [begun.browserToken, ...others.map(({ token }) => token)];
    COOKIES.signIn.setAll(response, tokens, begun.expiresAt);
    const { id, name } = claim.tenant;
    return { organisation: { id, name }, expiresAt: begun.expiresAt.toISOString(), messageId: null };
  }

  /** Pages that come rendered have it with them. */
  @Get('current')
  @Header('Cache-Control', 'no-store')
  async current(@Req() request: Request, @Query() query: unknown) {
    return await tellBegun(request, readQuery(BegunAt, query), this.platform, new Date());
  }

  @Post('code')
  @HttpCode(200)
  async prove(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const { code, at } = await jsonBody(request, ProveRequest);
    const { pool } = this.platform;
    const ended = () => new Problem('sign-in-ended', 'Ask for a new code.');
    const all = await begunOf(request, this.platform);
    // Without one no code is right: it uses up nothing of anybody's.
    const begun = at === undefined ? all[0] : all.find(await isBegunAt(at, this.platform));
    if (begun === undefined) throw ended();
    const { token } = begun;
    const counted = [
      `${networkOf(request)} ${begun.byLink ? 'by links' : 'by addresses'}`,
      personIn(begun),
    ] as const;
    if (!(await this.#tries.take(...counted))) throw tooMuchOfNetwork();
    const signIn = await takeTry(pool, digestOf(token));
    if (signIn === null) throw ended();
    const now = new Date();
    const answer = judgeCode(signIn, (digest) => isCode(code, token, digest), now);
    if (answer.kind === 'ended') throw ended();
    if (answer.kind === 'wrong')
      throw new Problem('wrong-code', `${answer.triesLeft} more can be tried.`, {
        triesLeft: answer.triesLeft,
      });
    const endsAt = await startSession(response, signIn, this.platform, this.settings, now, (tx) =>
      endSignIn(tx, signIn.signInId),
    );
    if (endsAt === null) throw ended();
    await this.#tries.giveBack(...counted);
    const others = all.filter((each) => each !== begun);
    const last = Math.max(...others.map(({ expiresAt }) => expiresAt.getTime()));
    COOKIES.signIn.setAll(
      response,
      others.map((each) => each.token),
      new Date(last),
    );
    return { endsAt: endsAt.toISOString(), messageId: signIn.messageId };
  }

  /** For its reader, where he is signed in here: he proves nothing anew. Null for everybody else. */
  async #openTo(request: Request, link: string, now: Date) {
    const { message, tenant } = await followLink(link, this.platform, now);
    const session = await findSession(request, this.platform, this.settings, now).catch((error: unknown) => {
      if (error instanceof Problem && error.slug === 'not-signed-in') return null;
      throw error;
    });
    if (session?.tenantId !== message.tenantId || !session.person.equals(message.person)) return null;
    const { id, name } = tenant;
    return { organisation: { id, name }, expiresAt: null, messageId: message.messageId };
  }

  async #claimOfLink(
    { link, language }: { link: string; language?: Language | undefined },
    now: Date,
  ): Promise<Claim> {
    const { message, tenant } = await followLink(link, this.platform, now);
    const claim = await this.#claimFor(message, tenant);
    if (claim === null) throw new Problem('mailbox-message-ended', 'It was erased.');
    const { person, messageId } = message;
    return {
      tenant,
      person,
      byLink: true,
      messageId,
      toWrite: false,
      ...claim,
      ...(language === undefined ? {} : { language }),
    };
  }

  async #claimOfAddress(
    {
      organisation,
      address,
      language,
    }: { organisation: TenantId; address: Address; language?: Language | undefined },
    request: Request,
    now: Date,
  ): Promise<Claim> {
    const tenant = requireOrganisation(organisation, this.platform);
    const person = await this.persons.of(tenant.id, address);
    // Before it is known whether anybody wrote to it: the time of this answer is not to tell that.
    if (!(await this.#codes.take(networkOf(request), personIn({ tenantId: tenant.id, person }))))
      throw tooMuchOfNetwork();
    const reader = { tenantId: tenant.id, person };
    const newest = await newestMessageOf(this.platform.pool, reader, now);
    const claim = newest === null ? null : await this.#claimFor(newest, tenant);
    const known =
      claim?.address ?? (await this.#writerOf(await newestReplyOf(this.platform.pool, reader, now)));
    return {
      tenant,
      person,
      byLink: false,
      messageId: null,
      toWrite: false,
      // Whoever has only begun to write has proven this very address before.
      address: known ?? ((await isWriting(this.platform.pool, reader)) ? address : null),
      language: language ?? claim?.language ?? tenant.language,
    };
  }

  /** Everybody gets a code, so nobody learns from that who is known. */
  async #claimToWrite(
    {
      organisation,
      address,
      language,
    }: {
      organisation: TenantId;
      address: Address;
      language: Language;
    },
    request: Request,
  ): Promise<Claim> {
    const tenant = requireOrganisation(organisation, this.platform);
    if (contactsNow(tenant, this.platform).size === 0)
      throw new Problem('contact-not-found', 'The organisation takes no messages here.');
    // What is not mailed uses up nothing.
    await this.#toWrite.take(request);
    const person = await this.persons.of(tenant.id, address);
    return { tenant, person, byLink: false, messageId: null, toWrite: true, address, language };
  }

  /** The address as it was written to; null where it was erased. */
  async #claimFor(
    message: StoredMessage,
    tenant: Tenant,
  ): Promise<Pick<Claim, 'address' | 'language'> | null> {
    const event = await this.platform.store.open(message.protected);
    if (event.name !== 'EmailProtected' || event.personal === null) return null;
    const { recipients, mailFrom } = event.personal;
    const recipient = recipients.find(({ recipientId }) => recipientId === message.recipientId);
    if (recipient === undefined) return null;
    return {
      address: recipient.address,
      // Of who wrote: what the reader speaks is not known.
      language: this.platform.policies.of(tenant, mailFrom).language,
    };
  }

  /** The address of who wrote it; null where there is none, or it was erased. */
  async #writerOf(written: StoredReply | null): Promise<Address | null> {
    const submitted = written === null ? null : await submittedOf(written, this.platform);
    return submitted?.personal.mailFrom ?? null;
  }
}
