// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Inject, Next, Req, Res } from '@nestjs/common';
import { Problem } from '@securemail/service';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import { MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** As the build lays them (apps/mailbox-web): beside us where we are built, too. */
const BUILT = existsSync(join(ROOT, 'dist'))
  ? join(ROOT, 'dist/apps/mailbox-web/site')
  : join(ROOT, 'apps/mailbox-web/site');

/** Only what is ours runs, looks and loads; the frame of a mail has a stricter policy of its own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  // A link names a message: nobody else learns it.
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
};

/** Of an organisation, and its list of contacts: who looks for them is to find them. */
const PUBLIC = /^\/mailbox\/o\/[^/]+(\/write)?\/?$/;

/** The pages of SecureMailBox, the same for every path: what is shown at one is decided in the browser. */
@Controller('mailbox')
export class PagesController {
  readonly #folder: string;
  readonly #files: express.Handler;
  /** Of files that are the same for everybody; what is secret is never compressed (BREACH). */
  readonly #compress: express.Handler = compression();

  constructor(@Inject(MAILBOX_SETTINGS) { pages = BUILT }: MailboxSettings) {
    this.#folder = pages;
    // Their names change with what is in them.
    this.#files = express.static(pages, { index: false, immutable: true, maxAge: '1y', redirect: false });
  }

  @Get(['', '*path'])
  show(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction): void {
    const { path } = request;
    if (path.startsWith('/mailbox/v1/')) throw new Problem('not-found', 'There is no such call.');
    response.set(HEADERS);
    if (!PUBLIC.test(path)) response.set('X-Robots-Tag', 'noindex');
    this.#compress(request, response, () => {
      if (!path.startsWith('/mailbox/assets/')) {
        response.sendFile(
          'index.html',
          { root: this.#folder, headers: { 'Cache-Control': 'no-cache' } },
          (error) => {
            if (error instanceof Error && !response.headersSent) next(notBuilt());
          },
        );
        return;
      }
      request.url = path.slice('/mailbox'.length);
      this.#files(request, response, () => {
        next(new Problem('not-found', 'There is no such file.'));
      });
    });
  }
}

const notBuilt = () => new Problem('not-found', 'The pages are not here: `npm run build` makes them.');
