// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { Address, TenantId } from '@securemail/contracts';
import { jsonBody, PLATFORM, Problem, type Platform } from '@securemail/service';
import { isPassword } from '@securemail/sign-in';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { noteUseOfPassword, passwordOf, takePasswordTry } from '../adapters/passwords.ts';
import type { Persons } from '../adapters/person-keys.ts';
import { digestOf } from '../adapters/secrets.ts';
import { preparedPassword } from '../domain/password.ts';
import { requireOrganisation, type WithMailbox } from '../organisations.ts';
import { MAILBOX_SETTINGS, PERSONS, type MailboxSettings } from '../settings.ts';
import { followLink } from './found.ts';
import {
  networkOf,
  OF_PERSON,
  personIn,
  SharedLimit,
  tooMuchOfNetwork,
  TRIES_UP_TO,
} from './network-limit.ts';
import { startSession } from './new-session.ts';
import { requireSameSite } from './same-site.ts';
import { Link } from './sign-in-place.ts';

/** One that is longer is none. */
const Password = z.string().min(1).max(1_000);

export const PasswordSignInRequest = z.union(
  [
    z.strictObject({
      link: Link,
      password: Password,
    }),
    z.strictObject({ organisation: TenantId, address: Address, password: Password }),
  ],
  { error: '`password`, and either `link` or `organisation` and `address`' },
);

/** Wrong ones of one person within an hour: from one network, and from all. A code is had all the same. */
const WRONG_COUNT_MS = 3_600_000;
const MOST = { mostOfNetwork: 5, most: 20 };
/** Every answer takes at least so long: what there is of an address is not to be told by the time. Milliseconds. */
const ANSWER_MS = 400;

/** Signs in who has set a password before. */
@Controller('mailbox/v1/sign-ins/password')
export class PasswordSignInsController {
  readonly #tries: SharedLimit;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
    @Inject(PERSONS) private readonly persons: Persons,
  ) {
    this.#tries = new SharedLimit(settings.limits.tries, OF_PERSON, TRIES_UP_TO);
  }

  /** An address that nobody has, one without a password and a wrong one are answered alike, in the same time. */
  @Post()
  @HttpCode(200)
  async prove(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const asked = await jsonBody(request, PasswordSignInRequest);
    const now = new Date();
    const { tenant, person, messageId } =
      'link' in asked ? await this.#ofLink(asked.link, now) : await this.#ofAddress(asked);
    if (!tenant.mailbox.passwords) throw new Problem('not-found', 'The organisation takes no passwords.');
    const reader = { tenantId: tenant.id, person };
    const counted = [networkOf(request), personIn(reader)] as const;
    if (!(await this.#tries.take(...counted))) throw tooMuchOfNetwork();
    const signIn = this.#signIn(asked.password, reader, request, response, now);
    // Also where it throws.
    const [outcome] = await Promise.allSettled([signIn, sleep(ANSWER_MS)]);
    if (outcome.status === 'rejected') throw outcome.reason;
    await this.#tries.giveBack(...counted);
    return { endsAt: outcome.value.toISOString(), messageId };
  }

  async #signIn(
    typed: string,
    reader: { tenantId: TenantId; person: Buffer },
    request: Request,
    response: Response,
    now: Date,
  ): Promise<Date> {
    const { pool } = this.platform;
    // With the person, so that nobody finds out from it who asks for whom else.
    const network = digestOf(`${networkOf(request)} ${reader.person.toString('hex')}`);
    const since = new Date(now.getTime() - WRONG_COUNT_MS);
    const tryId = await takePasswordTry(pool, reader, { network, at: now, since }, MOST);
    if (tryId === null)
      throw new Problem('too-many-passwords', 'So many were wrong within an hour. Have a code sent.');
    const stored = await passwordOf(pool, reader);
    const prepared = preparedPassword(typed) ?? '';
    const isRight = await isPassword(prepared, stored?.password ?? null);
    const wrong = () => new Problem('wrong-password', 'Try once more, or have a code sent.');
    if (!isRight || stored === null) throw wrong();
    const who = { ...reader, signInId: stored.credentialId };
    const endsAt = await startSession(response, who, this.platform, this.settings, now, (tx) =>
      noteUseOfPassword(tx, stored, tryId, now),
    );
    if (endsAt === null) throw wrong();
    return endsAt;
  }

  async #ofLink(link: string, now: Date): Promise<Claimed> {
    const { message, tenant } = await followLink(link, this.platform, now);
    return { tenant, person: message.person, messageId: message.messageId };
  }

  async #ofAddress({
    organisation,
    address,
  }: {
    organisation: TenantId;
    address: Address;
  }): Promise<Claimed> {
    const tenant = requireOrganisation(organisation, this.platform);
    return { tenant, person: await this.persons.of(tenant.id, address), messageId: null };
  }
}

interface Claimed {
  tenant: WithMailbox;
  person: Buffer;
  messageId: string | null;
}
