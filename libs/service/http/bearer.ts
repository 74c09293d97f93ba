// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import { authenticate, type Principal } from '../api-keys.ts';
import type { Tenant } from '../settings/tenant.ts';
import { Problem } from './problem.ts';

/** @throws Problem `unauthenticated`, or `forbidden` where the key lacks `scope`. */
export function requirePrincipal(
  request: Request,
  tenants: Iterable<Tenant>,
  scope: Principal['scopes'][number],
): Principal {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const principal = key === undefined ? null : authenticate(key, tenants);
  if (principal === null) {
    throw new Problem(
      'unauthenticated',
      'Send "Authorization: Bearer <API key>".',
      {},
      { 'WWW-Authenticate': 'Bearer' },
    );
  }
  if (!principal.scopes.includes(scope))
    throw new Problem('forbidden', `The key lacks the scope "${scope}".`);
  return principal;
}
