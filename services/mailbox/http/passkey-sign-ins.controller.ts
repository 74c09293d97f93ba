// SPDX-License-Identifier: Apache-2.0
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { jsonBody, PLATFORM, Problem, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import { addChallenge, takeChallenge } from '../adapters/passkey-challenges.ts';
import { noteUseOfPasskey, passkeyOf } from '../adapters/passkeys.ts';
import { digestOf, newToken } from '../adapters/secrets.ts';
import { ANSWER_WITHIN_MS, askForPasskey, countOfAnswer } from '../adapters/web-authn.ts';
import { requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';
import { BeginLimit } from './network-limit.ts';
import { startSession } from './new-session.ts';
import { PasskeyAnswer } from './passkey-answer.ts';
import { requireSameSite } from './same-site.ts';
import { expectedAt, SignInPlace } from './sign-in-place.ts';

/** Signs in who has added a passkey before. Nobody is asked for an address, so nothing is told of any. */
@Controller('mailbox/v1/sign-ins/passkey')
export class PasskeySignInsController {
  readonly #begun: BeginLimit;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {
    this.#begun = new BeginLimit(settings.limits.tries);
  }

  /** What the browser is to ask the device (WebAuthn §5.5). */
  @Post('options')
  @HttpCode(200)
  async begin(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const asked = await jsonBody(request, SignInPlace);
    const now = new Date();
    const { tenant, person, messageId } = await expectedAt(asked, this.platform, now);
    await this.#begun.take(request, tenant.id, person);
    const options = await askForPasskey({ url: tenant.mailbox.url, name: tenant.name });
    const token = newToken();
    const expiresAt = new Date(now.getTime() + ANSWER_WITHIN_MS);
    await addChallenge(this.platform.pool, digestOf(token), {
      challenge: options.challenge,
      tenantId: tenant.id,
      person,
      messageId,
      isForAdding: false,
      expiresAt,
    });
    COOKIES.passkey.set(response, token, expiresAt);
    return options;
  }

  /** Whatever does not fit, the answer is the same. */
  @Post()
  @HttpCode(200)
  async prove(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const { answer } = await jsonBody(request, PasskeyAnswer);
    const { pool } = this.platform;
    const now = new Date();
    const refused = () => new Problem('passkey-refused', 'Try once more, or sign in by a code.');
    const token = COOKIES.passkey.tokenIn(request);
    const asked = token === null ? null : await takeChallenge(pool, digestOf(token), false, now);
    // Not counted: without a question of ours nothing is looked at, and each of those is answered once.
    if (asked === null) throw refused();
    const passkey = await passkeyOf(pool, answer.id);
    if (passkey?.tenantId !== asked.tenantId) throw refused();
    if (asked.person !== null && !asked.person.equals(passkey.person)) throw refused();
    const { mailbox, name } = requireOrganisation(asked.tenantId, this.platform);
    const count = await countOfAnswer(answer, asked.challenge, { url: mailbox.url, name }, passkey);
    if (count === null) throw refused();
    const { credentialId, tenantId, person } = passkey;
    const who = { tenantId, person, signInId: credentialId };
    const endsAt = await startSession(response, who, this.platform, this.settings, now, (tx) =>
      noteUseOfPasskey(tx, credentialId, count, now),
    );
    if (endsAt === null) throw refused();
    COOKIES.passkey.clear(response);
    return { endsAt: endsAt.toISOString(), messageId: asked.messageId };
  }
}
