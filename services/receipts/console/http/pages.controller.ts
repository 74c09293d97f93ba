// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Inject, Next, Req, Res } from '@nestjs/common';
import { Problem } from '@securemail/service';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { CONSOLE_PAGES } from '../tokens.ts';

/** Beside what every answer has. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'X-Robots-Tag': 'noindex',
};

/** Of what verifies files that are nobody's business but their reader's: it runs, and reaches nothing. */
const VERIFIES = '/console/assets/verify-worker-';
const REACHES_NOTHING =
  "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** The pages of the console: one for every path, shown by its script. */
@Controller('console')
export class ConsolePagesController {
  readonly #files: RequestHandler;
  #page: Promise<string> | null = null;
  constructor(@Inject(CONSOLE_PAGES) private readonly folder: string) {
    this.#files = express.static(folder, { index: false, immutable: true, maxAge: '1y', redirect: false });
  }

  @Get(['', '*path'])
  async show(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction): Promise<void> {
    const { path } = request;
    if (path.startsWith('/console/v1/')) throw new Problem('not-found', 'There is no such call.');
    response.set(HEADERS);
    if (path.startsWith('/console/assets/')) {
      if (path.startsWith(VERIFIES)) response.set('Content-Security-Policy', REACHES_NOTHING);
      request.url = path.slice('/console'.length);
      this.#files(request, response, () => {
        next(new Problem('not-found', 'There is no such file.'));
      });
      return;
    }
    this.#page ??= readFile(join(this.folder, 'index.html'), 'utf8');
    const html = await this.#page.catch(() => {
      this.#page = null;
      throw new Problem('not-found', 'The pages are not here: `npm run build` makes them.');
    });
    response.set({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.send(html);
  }
}
