// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import * as client from 'openid-client';

/** Where people sign in. */
export interface OpenIdProvider {
  /** Its metadata are at `/.well-known/openid-configuration` under this. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  /** How somebody has to have signed in there (`acr`): one of these; none: as the provider likes. */
  acrValues: readonly string[];
}

export interface OpenIdAsked {
  provider: OpenIdProvider;
  /** Where it sends browsers back to. */
  redirectUri: string;
}

/** Who says who somebody is (OpenID Connect Core 1.0, authorization code with PKCE). */
export interface OpenIdProviders {
  /** Where a browser is sent. @param token the secret of that browser. @throws where the provider does not answer. */
  locationFor(at: OpenIdAsked, token: string): Promise<URL>;
  /**
   * What the provider says of who comes back: the claims of its ID token, and of its userinfo where `wanted` are not all
   * among those.
   *
   * @param callback the whole address that the browser was sent back to.
   * @returns null where the provider did not sign somebody in as strongly as is asked for.
   * @throws where the answer is not one to what this browser asked.
   */
  claimsOf(at: OpenIdAsked, token: string, callback: URL, wanted: readonly string[]): Promise<Claims | null>;
}

export type Claims = Readonly<Record<string, unknown>> & { iss: string; sub: string };

/** Seconds. */
const ANSWERS_WITHIN = 10;
/** Keys and addresses of a provider change; milliseconds. */
const KNOWN_FOR_MS = 3_600_000;

/** Reads the metadata of each when it is first asked, and every hour. */
export function openIdProviders(): OpenIdProviders {
  const known = new Map<string, { found: Promise<client.Configuration>; until: number }>();
  const configurationOf = ({ provider }: OpenIdAsked): Promise<client.Configuration> => {
    const { issuer, clientId, clientSecret } = provider;
    const key = JSON.stringify([issuer, clientId, clientSecret]);
    const before = known.get(key);
    if (before !== undefined && Date.now() < before.until) return before.found;
    const found = discover(provider);
    known.set(key, { found, until: Date.now() + KNOWN_FOR_MS });
    found.catch(() => known.delete(key));
    return found;
  };
  return {
    async locationFor(at, token) {
      const configuration = await configurationOf(at);
      const { state, nonce, verifier } = secretsOf(token);
      const { scope, acrValues } = at.provider;
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: at.redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(acrValues.length > 0 ? { acr_values: acrValues.join(' ') } : {}),
      });
    },
    async claimsOf(at, token, callback, wanted) {
      const configuration = await configurationOf(at);
      const { state, nonce, verifier } = secretsOf(token);
      const answer = await client.authorizationCodeGrant(configuration, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const said = answer.claims();
      if (said === undefined) return null;
      const { acrValues } = at.provider;
      const { acr } = said;
      if (acrValues.length > 0 && !(typeof acr === 'string' && acrValues.includes(acr))) return null;
      if (wanted.every((claim) => said[claim] !== undefined)) return said;
      const more = await client.fetchUserInfo(configuration, answer.access_token, said.sub);
      // One of them says it all: what belongs together is not taken from two.
      return { ...said, ...more, iss: said.iss, sub: said.sub };
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenIdProvider) {
  const url = new URL(issuer);
  return await client.discovery(url, clientId, clientSecret, undefined, {
    timeout: ANSWERS_WITHIN,
    execute: [
      // The token comes over TLS from the provider itself; that it also signed it costs nothing to see.
      client.enableNonRepudiationChecks,
      // Settings take http for this machine itself alone.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- so that it stands out
      ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : []),
    ],
  });
}

/** Whether a provider could not be asked, or answers that it can't say now: that is no answer about who somebody is. */
export function isProviderAway(error: unknown): boolean {
  if (error instanceof client.ResponseBodyError) return error.status >= 500;
  if (!(error instanceof client.ClientError))
    return error instanceof TypeError && error.message === 'fetch failed';
  return error.code === 'OAUTH_TIMEOUT' || (error.cause instanceof Response && error.cause.status >= 500);
}

/** Whether what a provider was asked so was asked by the browser that has this secret. */
export const isAskedBy = (token: string, state: string | null): boolean => secretsOf(token).state === state;

/** What binds the answer to this browser. Nothing of it is kept here: it follows from what the browser has. */
function secretsOf(token: string) {
  const secretFor = (what: string) =>
    createHmac('sha256', token).update(`openid ${what}`).digest('base64url');
  return { state: secretFor('state'), nonce: secretFor('nonce'), verifier: secretFor('verifier') };
}
