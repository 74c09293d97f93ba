// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What it says of who signs in there. */
export interface Said {
  email?: string;
  email_verified?: boolean;
  name?: string;
  roles?: string | string[];
  acr?: string;
}

/** A real OpenID Connect provider (`oidc-provider`), at which whoever comes is signed in at once, as the test says. */
export async function openIdProvider(redirectUri: string) {
  let said: Said = {};
  let isAway = false;
  // The provider needs to know where it is: the port is known once it listens.
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider: Provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'securemail',
        client_secret: 'a-secret-of-the-client',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'roles'] },
    acrValues: ['low', 'substantial'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['of this test'] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...said }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    async loadExistingGrant({ oidc }) {
      const [clientId, accountId] = [oidc.client?.clientId, oidc.session?.accountId];
      if (clientId === undefined || accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId, accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (isAway && request.url?.startsWith('/token') === true) return void response.writeHead(503).end('down');
    if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
    const login = { accountId: 'somebody', ...(said.acr === undefined ? {} : { acr: said.acr }) };
    void provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  });
  return {
    issuer,
    say(next: Said) {
      said = next;
    },
    /** Browsers reach it, and nobody is told who they are. */
    goAway(next: boolean) {
      isAway = next;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
