// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import { Address, type TenantId } from '@securemail/contracts';
import type { OpenIdConnectOfTenant } from '@securemail/service';
import * as client from 'openid-client';

/** Who says whose an address is. */
export interface OpenIdProviders {
  /** Where a browser is sent. @param token the secret of that browser. @throws where the provider does not answer. */
  locationFor(at: Asked, token: string): Promise<URL>;
  /**
   * Which address is whose who comes back.
   *
   * @param callback the whole address that the browser was sent back to.
   * @returns null where the provider has not verified it, or did not sign its owner in as strongly as is asked for.
   * @throws where the answer is not one to what this browser asked.
   */
  addressOf(at: Asked, token: string, callback: URL): Promise<{ address: Address; issuer: string } | null>;
}

export interface Asked {
  tenantId: TenantId;
  provider: OpenIdConnectOfTenant;
  /** Where it sends browsers back to. */
  redirectUri: string;
}

/** Seconds. */
const ANSWERS_WITHIN = 10;
/** Keys and addresses of a provider change; milliseconds. */
const KNOWN_FOR_MS = 3_600_000;

/** Reads the metadata of each when it is first asked, and every hour. */
export function openProviders(): OpenIdProviders {
  const known = new Map<TenantId, { found: Promise<client.Configuration>; until: number }>();
  const configurationOf = ({ tenantId, provider }: Asked): Promise<client.Configuration> => {
    const before = known.get(tenantId);
    if (before !== undefined && Date.now() < before.until) return before.found;
    const found = discover(provider);
    known.set(tenantId, { found, until: Date.now() + KNOWN_FOR_MS });
    found.catch(() => known.delete(tenantId));
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
    async addressOf(at, token, callback) {
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
      const { email, email_verified: isVerified } =
        said['email'] === undefined
          ? await client.fetchUserInfo(configuration, answer.access_token, said.sub)
          : said;
      const address = Address.safeParse(email);
      if (isVerified !== true || !address.success) return null;
      return { address: address.data, issuer: said.iss };
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: OpenIdConnectOfTenant) {
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

/** What binds the answer to this browser. Nothing of it is kept here: it follows from what the browser has. */
function secretsOf(token: string) {
  const secretFor = (what: string) =>
    createHmac('sha256', token).update(`openid ${what}`).digest('base64url');
  return { state: secretFor('state'), nonce: secretFor('nonce'), verifier: secretFor('verifier') };
}
