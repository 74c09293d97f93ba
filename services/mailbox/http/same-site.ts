// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';
import type { Request } from 'express';

/**
 * Refuses what a page of another site has a browser do (cross-site request forgery), beside what `SameSite` keeps from it.
 * Programs that are no browsers send neither field, and have no cookies of anybody.
 *
 * @param sites where SecureMailBox is, as the organisations' settings say.
 * @throws Problem `cross-site`
 */
export function requireSameSite({ headers }: Request, sites: readonly string[]): void {
  const from = headers['sec-fetch-site'];
  const { origin } = headers;
  const isOurs = origin === undefined || sites.some((site) => new URL(site).origin === origin);
  if ((from === undefined || from === 'same-origin') && isOurs) return;
  throw new Problem('cross-site', 'Only the pages of SecureMailBox may do this.');
}
