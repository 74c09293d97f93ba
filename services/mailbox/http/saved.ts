// SPDX-License-Identifier: Apache-2.0
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Response } from 'express';

/** Whatever it is, it is not part of the site: nothing in it runs, and nothing is guessed. */
export const SAVED = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
};

/** Whoever leaves early is nobody's error; who gets half of it gets a connection that breaks off, and no end. */
export const send = (content: Readable, response: Response): Promise<void> =>
  pipeline(content, response).catch(() => {
    response.destroy();
  });
