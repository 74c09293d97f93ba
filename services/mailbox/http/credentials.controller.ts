// SPDX-License-Identifier: Apache-2.0
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { Language, newEmailId } from '@securemail/contracts';
import { jsonBody, PLATFORM, Problem, readQuery, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { credentialsOf, lockCredentials, type StoredCredential } from '../adapters/credentials.ts';
import { addChallenge, takeChallenge } from '../adapters/passkey-challenges.ts';
import { addPasskey, passkeysOf } from '../adapters/passkeys.ts';
import { provenAddress } from '../adapters/proven-address.ts';
import { digestOf, newToken } from '../adapters/secrets.ts';
import type { StoredSession } from '../adapters/sessions.ts';
import { ANSWER_WITHIN_MS, askForNewPasskey, newPasskeyIn } from '../adapters/web-authn.ts';
import { addCredential, takeAwayCredential } from '../credentials.ts';
import { MOST_PASSKEYS } from '../domain/credential.ts';
import { requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';
import { freshAddress, requireFreshCode } from './fresh-code.ts';
import { ChangeLimit } from './network-limit.ts';
import { NewPasskey } from './passkey-answer.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';

export const NewPasskeyRequest = z.strictObject({
  answer: NewPasskey,
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'on one line')
    .describe('As its owner knows it again'),
  language: Language.describe('Of the mail that tells of it'),
});
const RemoveQuery = z.strictObject({ language: Language });

/** By what somebody signs in beside a code, as he wishes. The code stays, whatever else there is. */
@Controller('mailbox/v1/credentials')
export class CredentialsController {
  readonly #changes = new ChangeLimit();

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(@Req() request: Request) {
    const now = new Date();
    const session = await requireSession(request, this.platform, this.settings, now);
    const all = await credentialsOf(this.platform.pool, session);
    return {
      passwords: requireOrganisation(session.tenantId, this.platform).mailbox.passwords,
      mayAdd: (await freshAddress(session, this.platform, now)) !== null,
      credentials: await Promise.all(all.map((credential) => this.#view(credential))),
    };
  }

  /** What the browser is to ask the device (WebAuthn §5.4). */
  @Post('passkeys/options')
  @HttpCode(200)
  async begin(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const now = new Date();
    const { session, address } = await requireFreshCode(request, this.platform, this.settings, now);
    await this.#changes.take(session);
    const { pool } = this.platform;
    const those = await passkeysOf(pool, session);
    if (those.length >= MOST_PASSKEYS) throw tooMany();
    const owner = { tenantId: session.tenantId, person: session.person, address };
    const options = await askForNewPasskey(this.#site(session), owner, those);
    const token = newToken();
    const expiresAt = new Date(now.getTime() + ANSWER_WITHIN_MS);
    await addChallenge(pool, digestOf(token), {
      challenge: options.challenge,
      tenantId: session.tenantId,
      person: session.person,
      messageId: null,
      isForAdding: true,
      expiresAt,
    });
    COOKIES.passkey.set(response, token, expiresAt);
    return options;
  }

  @Post('passkeys')
  @HttpCode(201)
  async add(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const { answer, name, language } = await jsonBody(request, NewPasskeyRequest);
    const now = new Date();
    const { session, address } = await requireFreshCode(request, this.platform, this.settings, now);
    await this.#changes.take(session);
    const { pool } = this.platform;
    const token = COOKIES.passkey.tokenIn(request);
    const asked = token === null ? null : await takeChallenge(pool, digestOf(token), true, now);
    const isOwn =
      asked?.tenantId === session.tenantId && asked.person !== null && session.person.equals(asked.person);
    const passkey = isOwn ? await newPasskeyIn(answer, asked.challenge, this.#site(session)) : null;
    if (passkey === null) throw refused();
    const tenant = requireOrganisation(session.tenantId, this.platform);
    const { tenantId, person } = session;
    const stored = { credentialId: newEmailId(), tenantId, person, ...passkey };
    const about = { kind: 'passkey' as const, name, credentialId: stored.credentialId };
    const isAdded = await addCredential(
      about,
      { tenant, address, language },
      this.platform,
      now,
      async (tx) => {
        await lockCredentials(tx, session);
        const those = (await credentialsOf(tx, session)).filter(({ kind }) => kind === 'passkey');
        if (those.length >= MOST_PASSKEYS) throw tooMany();
        return await addPasskey(tx, stored, now);
      },
    );
    if (!isAdded) throw refused();
    COOKIES.passkey.clear(response);
    return { credentialId: stored.credentialId };
  }

  /** Also long after signing in: whoever has lost a device is not to be kept from it. */
  @Delete(':credentialId')
  @HttpCode(204)
  async remove(
    @Req() request: Request,
    @Param('credentialId') id: string,
    @Query() query: unknown,
  ): Promise<void> {
    requireSameSite(request, this.platform);
    const { language } = readQuery(RemoveQuery, query);
    const now = new Date();
    const session = await requireSession(request, this.platform, this.settings, now);
    await this.#changes.take(session);
    const all = await credentialsOf(this.platform.pool, session);
    const credential = all.find(({ credentialId }) => credentialId === id);
    const address = credential && (await provenAddress({ signInId: credential.credentialId }, this.platform));
    const tenant = requireOrganisation(session.tenantId, this.platform);
    const isRemoved =
      credential !== undefined &&
      (await takeAwayCredential(
        credential,
        {
          because: 'owner',
          tell: address ? { tenant, address, language } : null,
          exceptSession: session.sessionId,
        },
        this.platform,
        now,
      ));
    if (!isRemoved) throw new Problem('not-found', 'There is no such way to sign in.');
  }

  async #view({ credentialId, kind, addedAt, usedAt }: StoredCredential) {
    const [added] = await this.platform.store.readStream(this.platform.pool, credentialId);
    return {
      credentialId,
      kind,
      name: added?.name === 'MailboxCredentialAdded' ? (added.personal?.name ?? null) : null,
      addedAt: addedAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
    };
  }

  #site({ tenantId }: StoredSession) {
    const { mailbox, name } = requireOrganisation(tenantId, this.platform);
    return { url: mailbox.url, name };
  }
}

const refused = () => new Problem('passkey-refused', 'Try once more.');
const tooMany = () => new Problem('too-many-passkeys', 'Take one away first.');
