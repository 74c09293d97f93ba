// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';

/**
 * Whether a request is what our own pages have a browser do, and not a page of another site (cross-site request forgery),
 * beside what `SameSite` keeps from it. Programs that are no browsers send neither field, and have no cookies of anybody.
 */
export function isSameSite({ headers }: Request, isOurs: (origin: string) => boolean): boolean {
  const from = headers['sec-fetch-site'];
  const { origin } = headers;
  return (from === undefined || from === 'same-origin') && (origin === undefined || isOurs(origin));
}
