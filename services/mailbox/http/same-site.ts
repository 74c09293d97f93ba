// SPDX-License-Identifier: Apache-2.0
import { Problem, type Platform } from '@securemail/service';
import type { Request } from 'express';

/**
 * Refuses what a page of another site has a browser do (cross-site request forgery), beside what `SameSite` keeps from it.
 * Programs that are no browsers send neither field, and have no cookies of anybody.
 *
 * @throws Problem `cross-site`
 */
export function requireSameSite({ headers }: Request, { tenants }: Pick<Platform, 'tenants'>): void {
  const from = headers['sec-fetch-site'];
  const { origin } = headers;
  const isOurs = origin === undefined || [...tenants.values()].some(({ mailbox }) => mailbox?.url === origin);
  if ((from === undefined || from === 'same-origin') && isOurs) return;
  throw new Problem('cross-site', 'Only the pages of SecureMailBox may do this.');
}
