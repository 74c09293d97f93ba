// SPDX-License-Identifier: Apache-2.0
import { Problem, type ConsoleSettings } from '@securemail/service';
import type { Request } from 'express';

/**
 * Refuses what a page of another site has a browser do (cross-site request forgery), beside what `SameSite` keeps from it.
 *
 * @throws Problem `cross-site`
 */
export function requireSameSite({ headers }: Request, { url }: ConsoleSettings): void {
  const from = headers['sec-fetch-site'];
  const { origin } = headers;
  if ((from === undefined || from === 'same-origin') && (origin === undefined || origin === url)) return;
  throw new Problem('cross-site', `Only the pages of the console may do this: they are at ${url}/console/.`);
}
