// SPDX-License-Identifier: Apache-2.0
import { isSameSite, Problem, type ConsoleSettings } from '@securemail/service';
import type { Request } from 'express';

/** @throws Problem `cross-site` for what a page of another site has a browser do. */
export function requireSameSite(request: Request, { url }: ConsoleSettings): void {
  if (!isSameSite(request, (origin) => origin === url))
    throw new Problem(
      'cross-site',
      `Only the pages of the console may do this: they are at ${url}/console/.`,
    );
}
