// SPDX-License-Identifier: Apache-2.0
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';

/** Whatever it is, it is not part of the site: nothing in it runs, and nothing is guessed. */
export const SAVED = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
};

/**
 * Answers `HEAD` where what can be saved was found, at no cost: pages ask so before they lead to what a browser saves, or shows
 * in a frame, by itself.
 *
 * @returns whether it was that.
 */
export function isAskedFor({ method }: Request, response: Response): boolean {
  if (method !== 'HEAD') return false;
  response.set(SAVED).end();
  return true;
}

/** Whoever leaves early is nobody's error; who gets half of it gets a connection that breaks off, and no end. */
export const send = (content: Readable, response: Response): Promise<void> =>
  pipeline(content, response).catch(() => {
    response.destroy();
  });
