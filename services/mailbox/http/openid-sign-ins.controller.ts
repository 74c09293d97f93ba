// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { newEmailId } from '@securemail/contracts';
import { reasonOf, signalAppended } from '@securemail/event-log';
import { jsonBody, PLATFORM, Problem, type Platform } from '@securemail/service';
import { goesOn, isAskedBy, isProviderAway } from '@securemail/sign-in';
import { currentTraceparent } from '@securemail/telemetry';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Asked, OpenIdProviders } from '../adapters/openid-connect.ts';
import { addOpenIdSignIn, answerOpenIdSignIn, type OpenIdSignIn } from '../adapters/openid-sign-ins.ts';
import type { Persons } from '../adapters/person-keys.ts';
import { digestOf, newToken } from '../adapters/secrets.ts';
import { endSession, sessionNamed } from '../adapters/sessions.ts';
import { hasMailbox, requireOrganisation, type WithMailbox } from '../organisations.ts';
import { MAILBOX_SETTINGS, PERSONS, PROVIDERS, type MailboxSettings } from '../settings.ts';
import { COOKIES } from './cookies.ts';
import { BeginLimit } from './network-limit.ts';
import { startSession } from './new-session.ts';
import { requireSameSite } from './same-site.ts';
import { requireSession } from './signed-in.ts';
import { ProofPlace } from './proof-place.ts';
import { expectedAt, SignInPlace } from './sign-in-place.ts';

const BeginRequest = z.union([SignInPlace, ProofPlace], {
  error: 'one of `link`, `organisation`, `message`, `conversation` and `to`',
});
/** Where somebody is signed in, or proves more. */
type Wanted = Pick<OpenIdSignIn, 'person' | 'messageId' | 'sessionId' | 'conversationId' | 'toWrite'> & {
  tenant: WithMailbox;
};

const CALLBACK = '/mailbox/v1/sign-ins/openid-connect/callback';
/** So long somebody may take there. */
const WITHIN_MS = 15 * 60_000;

/** Signs in by an OpenID Connect provider that the organisation trusts to know whose an address is. */
@Controller('mailbox/v1/sign-ins/openid-connect')
export class OpenIdSignInsController {
  readonly #begun: BeginLimit;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(MAILBOX_SETTINGS) private readonly settings: MailboxSettings,
    @Inject(PERSONS) private readonly persons: Persons,
    @Inject(PROVIDERS) private readonly providers: OpenIdProviders,
  ) {
    this.#begun = new BeginLimit(settings.limits.tries);
  }

  /** Where the browser is to go. Only our own pages begin it, so nobody is made to sign in as somebody else. */
  @Post()
  @HttpCode(200)
  async begin(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    requireSameSite(request, this.platform);
    const asked = await jsonBody(request, BeginRequest);
    const now = new Date();
    const { tenant, ...wanted } = await this.#wanted(asked, request, now);
    const at = askedAt(tenant);
    if (at === null) throw new Problem('not-found', 'The organisation trusts no other place to sign in.');
    await this.#begun.take(request, tenant.id, wanted.person);
    const token = newToken();
    const location = await this.providers.locationFor(at, token).catch((error: unknown) => {
      this.platform.logger.warn(
        { tenantId: tenant.id, reason: reasonOf(error) },
        'the provider did not answer',
      );
      throw new Problem(
        'provider-unavailable',
        wanted.sessionId === null ? 'Sign in by a code.' : 'Try again in a while.',
      );
    });
    await addOpenIdSignIn(this.platform.pool, digestOf(token), {
      signInId: newEmailId(),
      tenantId: tenant.id,
      ...wanted,
      begunAt: now,
    });
    // Another tab may be at the provider, too.
    const tokens = [token, ...COOKIES.openId.tokensIn(request)];
    COOKIES.openId.setAll(response, tokens, new Date(now.getTime() + WITHIN_MS));
    return { location: location.href };
  }

  async #wanted(asked: z.output<typeof BeginRequest>, request: Request, now: Date): Promise<Wanted> {
    if ('link' in asked || 'organisation' in asked)
      return {
        ...(await expectedAt(asked, this.platform, now)),
        sessionId: null,
        conversationId: null,
        toWrite: false,
      };
    const { tenantId, person, sessionId } = await requireSession(request, this.platform, this.settings, now);
    return {
      tenant: requireOrganisation(tenantId, this.platform),
      person,
      sessionId,
      messageId: 'message' in asked ? asked.message : null,
      conversationId: 'conversation' in asked ? asked.conversation : null,
      toWrite: 'to' in asked,
    };
  }

  /** What the provider says is judged, and never shown; where the browser goes from here is one of our own pages. */
  @Get('callback')
  @Header('Cache-Control', 'no-store')
  async comeBack(@Req() request: Request, @Res() response: Response): Promise<void> {
    response.redirect(303, `/mailbox${await this.#pageFor(request, response).catch(this.#pageWithout)}`);
  }

  /** A browser shows what it is answered here: where nobody can be signed in now, that is a page that says so, too. */
  readonly #pageWithout = (error: unknown): string => {
    const problem = error instanceof Problem && error.status < 500 ? error.slug : undefined;
    this.platform.logger.warn(
      { problem, reason: reasonOf(error) },
      'who came back from the provider could not be signed in',
    );
    return '/not-signed-in?why=away';
  };

  async #pageFor(request: Request, response: Response): Promise<string> {
    // Not counted: without what a browser of ours has begun nothing is asked of anybody, and each of those is answered once.
    const { pool, tenants, store } = this.platform;
    const { query: answer } = request;
    const state = typeof answer['state'] === 'string' ? answer['state'] : null;
    const tokens = COOKIES.openId.tokensIn(request);
    const token = tokens.find((each) => isAskedBy(each, state)) ?? null;
    const now = new Date();
    const since = new Date(now.getTime() - WITHIN_MS);
    const signIn =
      token === null ? null : await answerOpenIdSignIn(pool, digestOf(token), { at: now, since });
    const others = tokens.filter((each) => each !== token);
    COOKIES.openId.setAll(response, others, new Date(now.getTime() + WITHIN_MS));
    const tenant = signIn === null ? undefined : tenants.get(signIn.tenantId);
    const at = hasMailbox(tenant) ? askedAt(tenant) : null;
    if (token === null || signIn === null || at === null) return '/not-signed-in';
    const { tenantId, signInId, sessionId } = signIn;
    const page = pageOf(signIn);
    const notSignedIn = `/not-signed-in/${tenantId}`;
    const refused = sessionId === null ? notSignedIn : `${page}?refused=openid-connect`;
    const away = sessionId === null ? `${notSignedIn}?why=provider-away` : `${page}?away=openid-connect`;
    const query = new URL(request.originalUrl, at.redirectUri).search;
    const proven = await this.providers
      .addressOf(at, token, new URL(query, at.redirectUri))
      .catch((error: unknown) => {
        this.platform.logger.warn(
          { tenantId, reason: reasonOf(error) },
          'what the provider said is not taken',
        );
        return isProviderAway(error) ? ('away' as const) : null;
      });
    if (proven === 'away') return away;
    if (proven === null) return refused;
    const { address, issuer } = proven;
    const person = await this.persons.of(tenantId, address);
    if (signIn.person !== null && !signIn.person.equals(person)) return refused;
    const before = sessionId === null ? null : await sessionNamed(pool, { tenantId, person }, sessionId);
    // Who has signed out meanwhile stays so.
    if (sessionId !== null && (before === null || !goesOn(before, this.settings, now))) return notSignedIn;
    const proofs = [...new Set([...(before?.proofs ?? []), 'openid-connect' as const])];
    const who = { tenantId, person, signInId, proofs };
    const endsAt = await startSession(response, who, this.platform, this.settings, now, async (tx) => {
      // The secret of the browser changes with what it opens.
      if (sessionId !== null && !(await endSession(tx, { tenantId, person }, sessionId))) return false;
      const data = { by: 'openid-connect' as const, issuer, provenAt: now.toISOString() };
      await store.append(
        tx,
        { emailId: signInId, tenantId },
        0,
        [{ name: 'MailboxAddressProven', data, personal: { address } }],
        { traceparent: currentTraceparent() },
      );
      return true;
    });
    if (endsAt === null) return notSignedIn;
    signalAppended('mailbox');
    return page;
  }
}

const pageOf = ({ messageId, conversationId, toWrite }: OpenIdSignIn): string => {
  if (toWrite) return '/write';
  if (messageId !== null) return `/messages/${messageId}`;
  return conversationId === null ? '/messages' : `/conversations/${conversationId}`;
};

function askedAt({ id, mailbox }: WithMailbox): Asked | null {
  const { openIdConnect: provider, url } = mailbox;
  return provider === undefined ? null : { tenantId: id, provider, redirectUri: `${url}${CALLBACK}` };
}
