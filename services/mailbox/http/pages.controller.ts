// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controller, Get, Inject, Next, Req, Res } from '@nestjs/common';
import type { Language } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { PLATFORM, Problem, type Platform } from '@securemail/service';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import type { Logos } from '../adapters/logos.ts';
import { LOGOS, MAILBOX_SETTINGS, type MailboxSettings } from '../settings.ts';
import { toldFirst, type Told } from './first-pages.ts';
import { languageOf } from './language.ts';
import { BARE_POLICY, pageTemplate, type Filled, type Filling } from './page-template.ts';
import { scriptFiles } from './script-files.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** As the build lays them (apps/mailbox-web): beside us where we are built, too. */
const BUILT = existsSync(join(ROOT, 'dist'))
  ? join(ROOT, 'dist/apps/mailbox-web/site')
  : join(ROOT, 'apps/mailbox-web/site');

/** Beside what every answer has. */
const HEADERS = {
  'Content-Security-Policy': BARE_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/** Of an organisation, and its list of contacts: who looks for them is to find them. */
const PUBLIC = /^\/mailbox\/o\/[^/]+(\/write)?\/?$/;

/** As apps/mailbox-web/src/app.tsx has them: every other path is no page. */
const PAGE =
  /^\/mailbox(\/((m|back|messages|conversations)\/[^/]+|o\/[^/]+(\/write)?|not-signed-in(\/[^/]+)?|write|sessions|messages)?\/?)?$/;

/** Of apps/mailbox-web/src/server.tsx. */
type Render = (asked: {
  path: string;
  language: Language;
  told: Told;
}) => Promise<{ html: string; title: string }>;

type Bare = Pick<Filling, 'title' | 'html' | 'late' | 'noScript'>;

interface Pages {
  fill: ReturnType<typeof pageTemplate>;
  render: Render;
  renderBare: (language: Language) => Promise<Bare>;
}

/** The pages of SecureMailBox. What is seen first comes rendered; every other one is the same for every path, and shown by its script. */
@Controller('mailbox')
export class PagesController {
  readonly #folder: string;
  readonly #files: ReturnType<typeof scriptFiles>;
  /** What is told to everybody who asks; an answer to who is signed in is never compressed (BREACH). */
  readonly #compress = compression();
  #pages: Promise<Pages> | null = null;

  constructor(
    @Inject(MAILBOX_SETTINGS) { pages = BUILT }: MailboxSettings,
    @Inject(PLATFORM) readonly platform: Platform,
    @Inject(LOGOS) readonly logos: Logos,
  ) {
    this.#folder = pages;
    this.#files = scriptFiles(pages);
  }

  @Get(['', '*path'])
  async show(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction): Promise<void> {
    const { path } = request;
    if (path.startsWith('/mailbox/v1/')) throw new Problem('not-found', 'There is no such call.');
    response.set(HEADERS);
    if (!PUBLIC.test(path)) response.set('X-Robots-Tag', 'noindex');
    if (path.startsWith('/mailbox/assets/')) {
      request.url = path.slice('/mailbox'.length);
      this.#files(request, response, () => {
        next(new Problem('not-found', 'There is no such file.'));
      });
      return;
    }
    response.status(PAGE.test(path) ? 200 : 404);
    const { html, policy } = await this.#page(request, languageOf(request));
    response.set({
      'Content-Security-Policy': policy,
      'Content-Type': 'text/html; charset=utf-8',
      // Until when a message can be read is for who has its link, and for no cache.
      'Cache-Control': path.startsWith('/mailbox/m/') ? 'no-store' : 'private, no-cache',
      Vary: 'Accept-Language, Cookie',
    });
    this.#compress(request, response, () => {
      response.send(html);
    });
  }

  async #page(request: Request, language: Language): Promise<Filled> {
    const { path } = request;
    this.#pages ??= open(this.#folder);
    const { fill, render, renderBare } = await this.#pages.catch(() => {
      this.#pages = null;
      throw new Problem('not-found', 'The pages are not here: `npm run build` makes them.');
    });
    const bare = { ...(await renderBare(language)), language, colours: null, told: null };
    try {
      const found = await toldFirst(path, language, this, request, new Date());
      if (found === null) return fill(bare);
      const { told, colours } = found;
      return fill({ ...bare, ...(await render({ path, language, told })), colours, told });
    } catch (error) {
      // Such as a database that is away: the script asks again, and says so.
      this.platform.logger.warn(
        { reason: reasonOf(error) },
        'a page could not be rendered, its script makes it',
      );
      return fill(bare);
    }
  }
}

async function open(folder: string): Promise<Pages> {
  const module = pathToFileURL(join(folder, '../server/server.js')).href;
  const [html, { render, renderBare }] = await Promise.all([
    readFile(join(folder, 'index.html'), 'utf8'),
    import(module) as Promise<Omit<Pages, 'fill'>>,
  ]);
  return { fill: pageTemplate(html), render, renderBare };
}
