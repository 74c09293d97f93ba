// SPDX-License-Identifier: Apache-2.0
import { isSameSite, Problem, type Platform } from '@securemail/service';
import type { Request } from 'express';

/** @throws Problem `cross-site` for what a page of another site has a browser do. */
export function requireSameSite(request: Request, { tenants }: Pick<Platform, 'tenants'>): void {
  const isOurs = (origin: string) => [...tenants.values()].some(({ mailbox }) => mailbox?.url === origin);
  if (!isSameSite(request, isOurs))
    throw new Problem('cross-site', 'Only the pages of SecureMailBox may do this.');
}
