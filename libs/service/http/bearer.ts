// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import { authenticate, type Principal } from '../api-keys.ts';
import type { Tenant } from '../settings/tenant.ts';
import { personIn } from './person-tokens.ts';
import { Problem } from './problem.ts';

/**
 * @param scope or one of several, of which the first is what is asked for.
 * @throws Problem `unauthenticated`, or `forbidden` where the key lacks `scope`.
 */
export function requirePrincipal(
  request: Request,
  tenants: Iterable<Tenant>,
  ...scopes: [Principal['scopes'][number], ...Principal['scopes'][number][]]
): Principal {
  const principal = principalIn(request, [...tenants]);
  if (principal === null) {
    throw new Problem(
      'unauthenticated',
      'Send "Authorization: Bearer <API key>".',
      {},
      { 'WWW-Authenticate': 'Bearer' },
    );
  }
  if (!scopes.some((scope) => principal.scopes.includes(scope))) {
    const whose = principal.person === undefined ? 'The key' : 'Your role';
    throw new Problem('forbidden', `${whose} lacks the scope "${scopes[0]}".`);
  }
  return principal;
}

function principalIn(request: Request, tenants: readonly Tenant[]): Principal | null {
  const person = personIn(request);
  // Whose organisation is not configured any more is nobody.
  if (person !== null) return tenants.some(({ id }) => id === person.tenantId) ? person : null;
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return key === undefined ? null : authenticate(key, tenants);
}

/**
 * Who decides: whom the holder of a key names, and of a person nobody but that person.
 *
 * @throws Problem `forbidden`
 */
export function requireOwnName({ person }: Principal, by: string): void {
  if (person !== undefined && person !== by)
    throw new Problem('forbidden', 'What you do stands under your own name.');
}
