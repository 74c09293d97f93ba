// SPDX-License-Identifier: Apache-2.0
import { Controller, HttpCode, Inject, Put, Req } from '@nestjs/common';
import { Language, newEmailId } from '@securemail/contracts';
import { jsonBody, PLATFORM, Problem, type Platform } from '@securemail/service';
import { hashPassword } from '@securemail/sign-in';
import type { Request } from 'express';
import { z } from 'zod';
import { lockCredentials } from '../adapters/credentials.ts';
import { isEasilyGuessed } from '../adapters/password-strength.ts';
import { addPassword, passwordOf } from '../adapters/passwords.ts';
import { endOtherSessions } from '../adapters/sessions.ts';
import { addCredential, recordRemoval } from '../credentials.ts';
import { contextWords } from '../domain/context-words.ts';
import { hasPasswordLength, preparedPassword } from '../domain/password.ts';
import { requireOrganisation } from '../organisations.ts';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { requireFreshCode } from './fresh-code.ts';
import { ChangeLimit } from './network-limit.ts';
import { requireSameSite } from './same-site.ts';

export const PasswordRequest = z.strictObject({
  password: z.string().max(1_000).describe('12 to 128 characters'),
  language: Language.describe('Of the mail that tells of it'),
});

/** Sets the password by which who is signed in wants to sign in, too; one that there was counts no more. */
@Controller('mailbox/v1/credentials/password')
export class PasswordController {
  readonly #changes = new ChangeLimit();

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
  ) {}

  @Put()
  @HttpCode(204)
  async set(@Req() request: Request): Promise<void> {
    requireSameSite(request, this.platform);
    const { password: typed, language } = await jsonBody(request, PasswordRequest);
    const now = new Date();
    const { session, address } = await requireFreshCode(request, this.platform, this.settings, now);
    await this.#changes.take(session);
    const { tenantId, person, sessionId } = session;
    const tenant = requireOrganisation(tenantId, this.platform);
    if (!tenant.mailbox.passwords) throw new Problem('not-found', 'The organisation takes no passwords.');
    const prepared = preparedPassword(typed);
    if (prepared === null || !hasPasswordLength(prepared))
      throw new Problem('password-refused', 'It has to have 12 to 128 characters.', { reason: 'length' });
    const known = contextWords({ address, organisation: tenant.name, domains: tenant.domains });
    if (isEasilyGuessed(prepared, known))
      throw new Problem('password-refused', 'It is easily guessed.', { reason: 'guessed' });
    const password = await hashPassword(prepared);
    const credentialId = newEmailId();
    const about = { kind: 'password' as const, name: null, credentialId };
    await addCredential(about, { tenant, address, language }, this.platform, now, async (tx) => {
      await lockCredentials(tx, session);
      const before = await passwordOf(tx, session);
      if (before !== null)
        await recordRemoval(
          tx,
          { ...before, kind: 'password' },
          { because: 'owner', exceptSession: sessionId },
          this.platform,
          now,
        );
      await addPassword(tx, { credentialId, tenantId, person, password }, now);
      // Whoever knew the former one, and took it away himself, is out, too.
      await endOtherSessions(tx, session);
      return true;
    });
  }
}
