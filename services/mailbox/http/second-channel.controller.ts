// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Controller, Get, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { Language } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { inTransaction } from '@securemail/event-store';
import { jsonBody, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Persons } from '../adapters/person-keys.ts';
import { provenAddress } from '../adapters/proven-address.ts';
import { addProofCode, begunProof, endProofCode, takeProofTry } from '../adapters/second-channel-codes.ts';
import type { SecondChannels } from '../adapters/second-channels.ts';
import { digestOf, digestOfCode, isCode, newCode, newToken } from '../adapters/secrets.ts';
import { renewSession, type StoredSession } from '../adapters/sessions.ts';
import { masked } from '../domain/mobile-numbers.ts';
import { judgeCode } from '../domain/sign-in.ts';
import { WORDS } from '../domain/words/index.ts';
import { requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, PERSONS, SECOND_CHANNELS, type MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';
import { ownMessage } from './found.ts';
import {
  networkOf,
  OF_PERSON,
  personIn,
  SharedLimit,
  tooMuchOfNetwork,
  TRIES_UP_TO,
} from './network-limit.ts';
import { ProofPlace } from './proof-place.ts';
import { requireSameSite } from './same-site.ts';
import { CodeRequest } from './sign-ins.controller.ts';
import { requireSession } from './signed-in.ts';

const SendRequest = z.strictObject({ for: ProofPlace, language: Language.describe('Of the text message') });
const ProveRequest = CodeRequest.extend({ for: ProofPlace });

/** Codes for one person, or to one number, within an hour that nobody used: asked for from one network, and from all. */
const MOST_PER_HOUR = 5;
const MOST_OF_ALL_PER_HOUR = 20;
const AN_HOUR = 3_600_000;

/** Who is signed in proves more than an address, by a code that comes another way than by mail. */
@Controller('mailbox/v1/proofs/second-channel')
export class SecondChannelController {
  /** Of what is sent, and of codes that may be right: each person has a little of his own left. */
  readonly #codes: SharedLimit;
  readonly #tries: SharedLimit;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
    @Inject(PERSONS) private readonly persons: Persons,
    @Inject(SECOND_CHANNELS) private readonly channels: SecondChannels,
  ) {
    this.#codes = new SharedLimit(settings.limits.codes, OF_PERSON);
    this.#tries = new SharedLimit(settings.limits.tries, OF_PERSON, TRIES_UP_TO);
  }

  @Post()
  @HttpCode(202)
  async begin(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const now = new Date();
    const session = await requireSession(request, this.platform, this.settings, now);
    const asked = await jsonBody(request, SendRequest);
    const { tenantId, person, sessionId } = session;
    // Also one that is gone: what was begun to answer it is still its writer’s.
    if ('message' in asked.for) await ownMessage(asked.for.message, session, this.platform);
    const { channel, number } = await this.#numberOf(session);
    const [token, code] = [newToken(), newCode()];
    const expiresAt = new Date(now.getTime() + this.settings.codeMinutes * 60_000);
    const proof = {
      codeId: randomUUID(),
      browser: digestOf(token),
      sessionId,
      tenantId,
      person,
      number: await this.persons.digestOf(tenantId, `number ${number}`),
      network: digestOf(`${networkOf(request)} ${person.toString('hex')}`),
      wantedFor: wantedFor(asked.for),
      code: digestOfCode(code, token),
      triesLeft: this.settings.codeTries,
      createdAt: now,
      expiresAt,
    };
    const spent = [networkOf(request), personIn(session)] as const;
    if (!(await this.#codes.take(...spent))) throw tooMuchOfNetwork();
    // Before it is sent, so that it counts whatever becomes of it.
    const counted = {
      most: MOST_OF_ALL_PER_HOUR,
      mostOfNetwork: MOST_PER_HOUR,
      since: new Date(now.getTime() - AN_HOUR),
    };
    if (!(await addProofCode(this.platform.pool, proof, counted))) {
      await this.#codes.giveBack(...spent);
      throw new Problem('too-many-codes', 'So many codes were asked for and not used within an hour.');
    }
    const { name } = requireOrganisation(tenantId, this.platform);
    const text = WORDS[asked.language].textMessage(name, code);
    await channel.send({ number, text }).catch((error: unknown) => {
      this.platform.logger.warn({ tenantId, reason: reasonOf(error) }, 'a text message could not be sent');
      throw new Problem('second-channel-unavailable', 'Try again in a while.');
    });
    COOKIES.proof.set(response, token, expiresAt);
    return { sentTo: masked(number), expiresAt: expiresAt.toISOString() };
  }

  /** Whether this browser waits for a code for that: whoever comes back to the page can type it. */
  @Get('current')
  @Header('Cache-Control', 'no-store')
  async current(@Req() request: Request, @Query() query: unknown) {
    const now = new Date();
    const { sessionId } = await requireSession(request, this.platform, this.settings, now);
    const asked = readQuery(ProofPlace, query);
    const token = COOKIES.proof.tokenIn(request);
    if (token === null) return { begun: null };
    const place = { browser: digestOf(token), sessionId, wantedFor: wantedFor(asked) };
    const begun = await begunProof(this.platform.pool, place);
    if (begun === null || begun.triesLeft <= 0 || begun.expiresAt <= now) return { begun: null };
    return { begun: { triesLeft: begun.triesLeft, expiresAt: begun.expiresAt.toISOString() } };
  }

  @Post('code')
  @HttpCode(204)
  async prove(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    requireSameSite(request, this.platform);
    const now = new Date();
    const session = await requireSession(request, this.platform, this.settings, now);
    const asked = await jsonBody(request, ProveRequest);
    const { pool, logger } = this.platform;
    const { sessionId, tenantId } = session;
    const token = COOKIES.proof.tokenIn(request);
    const ended = () => new Problem('sign-in-ended', 'Ask for a new code.');
    if (token === null) throw ended();
    const place = { browser: digestOf(token), sessionId, wantedFor: wantedFor(asked.for) };
    // Without one no code is right: it uses up nothing of anybody's.
    if ((await begunProof(pool, place)) === null) throw ended();
    const counted = [networkOf(request), personIn(session)] as const;
    if (!(await this.#tries.take(...counted))) throw tooMuchOfNetwork();
    const proof = await takeProofTry(pool, place);
    if (proof === null) throw ended();
    const answer = judgeCode(proof, (digest) => isCode(asked.code, token, digest), now);
    if (answer.kind === 'ended') throw ended();
    if (answer.kind === 'wrong')
      throw new Problem('wrong-code', `${answer.triesLeft} more can be tried.`, {
        triesLeft: answer.triesLeft,
      });
    // Another one than before: who knew the browser's secret until now does not know this one.
    const renewed = { sessionId: randomUUID(), token: newToken() };
    const isProven = await inTransaction(
      pool,
      async (tx) =>
        (await endProofCode(tx, proof.codeId)) &&
        (await renewSession(tx, sessionId, {
          sessionId: renewed.sessionId,
          browser: digestOf(renewed.token),
          proofs: [...new Set([...session.proofs, 'second-channel' as const])],
        })),
    );
    if (!isProven) throw ended();
    await this.#tries.giveBack(...counted);
    logger.info({ tenantId, sessionId, renewedAs: renewed.sessionId }, 'proven by the second channel');
    COOKIES.session.set(response, renewed.token, session.endsAt);
    COOKIES.proof.clear(response);
  }

  /** @throws Problem `not-found` where the organisation has no such channel, `number-unknown` */
  async #numberOf(session: StoredSession) {
    const { tenantId } = session;
    const channel = this.channels.of(tenantId);
    if (channel === null) throw new Problem('not-found', 'The organisation sends no text messages.');
    const address = await provenAddress(session, this.platform);
    const number = address === null ? null : await channel.numberOf(address);
    if (number !== null) return { channel, number };
    this.platform.logger.info({ tenantId, sessionId: session.sessionId }, 'no mobile number is known');
    throw new Problem('number-unknown', 'Ask the organisation to note your mobile number.');
  }
}

/** Of one person there is one letter under way: it needs no name. */
const LETTER = '00000000-0000-0000-0000-000000000000';

function wantedFor(asked: z.output<typeof ProofPlace>): string {
  if ('to' in asked) return LETTER;
  return 'message' in asked ? asked.message : asked.conversation;
}
