// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { TenantId } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import {
  clientNetwork,
  jsonBody,
  PLATFORM,
  Problem,
  readQuery,
  type ConsoleSettings,
  type Platform,
  type Tenant,
} from '@securemail/service';
import {
  digestOf,
  isAskedBy,
  isPassword,
  newToken,
  type OpenIdAsked,
  type OpenIdProviders,
} from '@securemail/sign-in';
import type { Request, Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { addSignIn, answerSignIn } from '../adapters/sessions.ts';
import { nameIn, roleIn } from '../domain/session.ts';
import { startSession, type SignedIn } from '../sessions.ts';
import { CONSOLE_SETTINGS, OPENID_PROVIDERS } from '../tokens.ts';
import { COOKIES } from './cookies.ts';
import { requireSameSite } from './same-site.ts';

const WaysQuery = z.strictObject({ organisation: z.string().max(100).optional() });
const PasswordRequest = z.strictObject({
  name: z.string().min(1).max(100),
  password: z.string().min(1).max(1_000),
});
const OpenIdRequest = z.strictObject({ organisation: TenantId });

/** Why who comes back from a provider is not signed in. */
type Refused = 'ended' | 'provider' | 'role' | 'too-many' | 'away';

const CALLBACK = '/console/v1/sign-ins/openid-connect/callback';
/** So long somebody may take at the provider. */
const WITHIN_MS = 15 * 60_000;
/** Every answer takes at least so long: what there is of a name is not to be told by the time. Milliseconds. */
const ANSWER_MS = 400;

/** Wrong ones within ten minutes: from one network; and of one account from one network, so that nobody keeps others out. */
const TRIES = { points: 60, duration: 600 };
const WRONG = { points: 10, duration: 600 };
/** To a provider and back, which guesses nothing: a whole organisation may come from one network. */
const BY_PROVIDER = { points: 1_000, duration: 600 };

/** Signs people of the organisations in: by their own provider, or by a password of ours. */
@Controller('console/v1')
export class SignInsController {
  readonly #tries = new RateLimiterMemory(TRIES);
  readonly #byProvider = new RateLimiterMemory(BY_PROVIDER);
  readonly #wrong = new RateLimiterMemory(WRONG);
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSOLE_SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(OPENID_PROVIDERS) private readonly providers: OpenIdProviders,
  ) {}

  /** How one signs in: of the organisation that is named, or of the only one there is. */
  @Get('ways')
  @Header('Cache-Control', 'no-store')
  ways(@Query() query: unknown) {
    const { organisation: named } = readQuery(WaysQuery, query);
    const tenants = [...this.platform.tenants.values()];
    const only = tenants.length === 1 ? tenants[0] : undefined;
    const tenant = named === undefined ? only : tenants.find((each) => isCalled(each, named));
    if (named !== undefined && tenant === undefined)
      throw new Problem('not-found', 'No organisation here is called so.');
    return {
      organisation: tenant === undefined ? null : { id: tenant.id, name: tenant.name },
      openIdConnect: tenant?.console.openIdConnect?.name ?? null,
      passwords: tenants.some(({ console: { accounts } }) => accounts.length > 0),
    };
  }

  /** A name that nobody has and a wrong password are answered alike, in the same time. */
  @Post('sign-ins/password')
  @HttpCode(200)
  async byPassword(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.settings);
    const { name: typed, password } = await jsonBody(request, PasswordRequest);
    const name = typed.trim().toLowerCase();
    const network = clientNetwork(request.ip ?? '', 32);
    await take(this.#tries, network);
    const ofBoth = `${network} ${name}`;
    await take(this.#wrong, ofBoth);
    const [found] = await Promise.all([this.#accountOf(name, password), sleep(ANSWER_MS)]);
    if (found === null) throw new Problem('wrong-password', 'Name or password are wrong.');
    await this.#wrong.delete(ofBoth);
    await startSession(response, found, this.platform, this.settings, new Date());
    return {};
  }

  async #accountOf(name: string, password: string): Promise<SignedIn | null> {
    const accounts = [...this.platform.tenants.values()].flatMap(({ id, console: { accounts: of } }) =>
      of.map((account) => ({ tenantId: id, ...account })),
    );
    const account = accounts.find((each) => each.name === name);
    const isRight = await isPassword(password.normalize('NFC'), account?.passwordHash ?? null);
    if (!isRight || account === undefined) return null;
    const { tenantId, fullName = account.name, role } = account;
    return { tenantId, name: fullName, role, subject: account.name, method: 'password', issuer: null };
  }

  /** Where the browser is to go. Only our own pages begin it, so nobody is made to sign in as somebody else. */
  @Post('sign-ins/openid-connect')
  @HttpCode(200)
  async byOpenId(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.settings);
    const { organisation } = await jsonBody(request, OpenIdRequest);
    await take(this.#byProvider, clientNetwork(request.ip ?? '', 32));
    const asked = this.#askedOf(organisation);
    if (asked === null) throw new Problem('not-found', 'The organisation has no provider to sign in at.');
    const token = newToken();
    const location = await this.providers.locationFor(asked, token).catch((error: unknown) => {
      this.platform.logger.warn(
        { tenantId: organisation, reason: reasonOf(error) },
        'the provider of the console did not answer',
      );
      throw new Problem('provider-unavailable', 'Try again in a while.');
    });
    const now = new Date();
    await addSignIn(this.platform.pool, digestOf(token), organisation, now);
    // Another tab may be at the provider, too.
    const tokens = [token, ...COOKIES.openId.tokensIn(request)];
    COOKIES.openId.setAll(response, tokens, new Date(now.getTime() + WITHIN_MS));
    return { location: location.href };
  }

  /** What the provider says is judged, and never shown; where the browser goes from here is one of our own pages. */
  @Get('sign-ins/openid-connect/callback')
  @Header('Cache-Control', 'no-store')
  async comeBack(@Req() request: Request, @Res() response: Response): Promise<void> {
    const refused = await this.#answer(request, response).catch(this.#refusedFor);
    response.redirect(303, refused === null ? '/console/' : `/console/sign-in?refused=${refused}`);
  }

  /** A browser shows what it is answered here: where nobody can be signed in now, that is a page that says so, too. */
  readonly #refusedFor = (error: unknown): Refused => {
    const isTooMany = error instanceof Problem && error.slug === 'too-many-sign-ins';
    this.platform.logger.warn(
      { reason: reasonOf(error) },
      'who came back from the provider of the console could not be signed in',
    );
    return isTooMany ? 'too-many' : 'away';
  };

  /** @returns why nobody is signed in; null: somebody is. */
  async #answer(request: Request, response: Response): Promise<Refused | null> {
    await take(this.#byProvider, clientNetwork(request.ip ?? '', 32));
    const { query: answer } = request;
    const state = typeof answer['state'] === 'string' ? answer['state'] : null;
    const tokens = COOKIES.openId.tokensIn(request);
    const token = tokens.find((each) => isAskedBy(each, state));
    if (token === undefined) return 'ended';
    const now = new Date();
    const since = new Date(now.getTime() - WITHIN_MS);
    const tenantId = await answerSignIn(this.platform.pool, digestOf(token), since);
    const others = tokens.filter((each) => each !== token);
    COOKIES.openId.setAll(response, others, new Date(now.getTime() + WITHIN_MS));
    const asked = tenantId === null ? null : this.#askedOf(tenantId);
    if (tenantId === null || asked === null) return 'ended';
    const { rolesClaim, roles } = asked.provider;
    const callback = new URL(new URL(request.originalUrl, asked.redirectUri).search, asked.redirectUri);
    const claims = await this.providers
      .claimsOf(asked, token, callback, [rolesClaim, 'name'])
      .catch((error: unknown) => {
        this.platform.logger.warn(
          { tenantId, reason: reasonOf(error) },
          'what the provider of the console said is not taken',
        );
        return null;
      });
    if (claims === null) return 'provider';
    const role = roleIn(claims[rolesClaim], roles);
    if (role === null) return 'role';
    const [name, { sub: subject, iss: issuer }] = [nameIn(claims), claims];
    const person = { tenantId, name, role, subject, method: 'openid-connect' as const, issuer };
    await startSession(response, person, this.platform, this.settings, now);
    return null;
  }

  #askedOf(tenantId: TenantId): (OpenIdAsked & { provider: ProviderOfConsole }) | null {
    const provider = this.platform.tenants.get(tenantId)?.console.openIdConnect;
    return provider === undefined ? null : { provider, redirectUri: this.settings.url + CALLBACK };
  }
}

type ProviderOfConsole = NonNullable<Tenant['console']['openIdConnect']>;

const isCalled = ({ id, domains }: Tenant, named: string): boolean => {
  const name = named.trim().toLowerCase();
  return id === name || domains.includes(name);
};

/** @throws Problem `too-many-sign-ins` */
async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.consume(key).catch(() => {
    throw new Problem('too-many-sign-ins', 'Too much was tried from your network. Wait ten minutes.');
  });
}
