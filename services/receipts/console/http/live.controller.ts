// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Controller,
  Get,
  Header,
  Inject,
  Param,
  Query,
  Req,
  Res,
  type OnModuleDestroy,
} from '@nestjs/common';
import { EmailId, type TenantId } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { PLATFORM, Problem, readQuery, type ConsoleSettings, type Platform } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { overviewOf, type Overview } from '../adapters/overview.ts';
import type { ConsoleSession } from '../adapters/sessions.ts';
import { countEvents } from '../../adapters/projection.ts';
import { requireSession } from '../sessions.ts';
import { CONSOLE_SETTINGS } from '../tokens.ts';

/** More would be a picture of what nobody promised, and a long look. */
const MOST_HOURS = 168;
const RangeQuery = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_HOURS, `at most ${MOST_HOURS} hours, which are seven days`)
    .default(1),
});

/** Milliseconds. A longer range changes slowly, and costs a longer look. */
const everyMs = (hours: number): number => (hours <= 1 ? 2_000 : hours <= 24 ? 15_000 : 60_000);
/** Whether anybody is signed in, and the database there, is looked after at least as often. */
const BEAT_MS = 5_000;
/** Who watches is told that nothing new can be known, where it takes longer than this. */
const PATIENCE_MS = 3_000;
/** Streams at once of one organisation, and of one session, in this process. */
const MOST_STREAMS = 200;
const MOST_OF_SESSION = 20;

/** Throughput and latency against the deadline: once, and as it goes on. */
@Controller('console/v1')
export class LiveController implements OnModuleDestroy {
  /** One look for everybody who watches the same. */
  readonly #looks = new Map<string, { at: number; found: Promise<Overview> }>();
  readonly #streams = new Map<string, number>();
  readonly #open = new Set<Response>();
  #isClosing = false;
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSOLE_SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Get('overview')
  @Header('Cache-Control', 'no-store')
  async overview(@Req() request: Request, @Query() query: unknown): Promise<Overview> {
    const { tenantId } = await requireSession(request, this.platform, this.settings, new Date());
    const { hours } = readQuery(RangeQuery, query);
    return await this.#look(tenantId, hours);
  }

  /**
   * Server-sent events: `overview`, as often as it may have changed; `beat` where there is nothing to say; `away` where nothing
   * can be looked up, as without a database, until the next of these; `ended` where nobody is signed in any more.
   */
  @Get('live')
  async live(@Req() request: Request, @Res() response: Response, @Query() query: unknown): Promise<void> {
    await this.#stream(request, response, () => {
      const { hours } = readQuery(RangeQuery, query);
      const look: Look = async ({ tenantId }) => eventOf('overview', await this.#look(tenantId, hours));
      return { waitMs: everyMs(hours), look };
    });
  }

  /** Server-sent events: `events`, with how many an email has, each time that there are more. */
  @Get('live/emails/:emailId')
  async email(
    @Req() request: Request,
    @Res() response: Response,
    @Param('emailId') id: string,
  ): Promise<void> {
    const emailId = EmailId.safeParse(id);
    let before = 0;
    const look: Look = async ({ tenantId }) => {
      const events = emailId.success ? await countEvents(this.platform.pool, emailId.data, tenantId) : 0;
      if (events === before) return null;
      before = events;
      return eventOf('events', { events });
    };
    await this.#stream(request, response, () => ({ waitMs: 1_000, look }));
  }

  /** @param watched what, and how often: read once it is known who asks. */
  async #stream(
    request: Request,
    response: Response,
    watched: () => { waitMs: number; look: Look },
  ): Promise<void> {
    // Who has gone before he was known comes back by no other sign.
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const session = await requireSession(request, this.platform, this.settings, new Date());
    if (response.destroyed) return;
    const { waitMs, look } = watched();
    const { tenantId, sessionId } = session;
    const places = [
      { of: tenantId, most: MOST_STREAMS },
      { of: sessionId, most: MOST_OF_SESSION },
    ];
    if (places.some(({ of, most }) => (this.#streams.get(of) ?? 0) >= most))
      throw new Problem('too-busy', 'So many watch already: close some of the pages.');
    for (const { of } of places) this.#streams.set(of, (this.#streams.get(of) ?? 0) + 1);
    response.set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // A proxy that gathers what it passes on would pass on nothing for long.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    this.#open.add(response);
    const isOver = () => gone.signal.aborted || this.#isClosing;
    try {
      for (let lookedAt = -Infinity; !isOver();) {
        const isDue = performance.now() - lookedAt >= waitMs;
        const saying = this.#said(request, isDue ? look : null);
        const inTime = () => Promise.race([saying, sleep(PATIENCE_MS, null, { ref: false })]);
        let said = await inTime();
        for (; said === null && !isOver(); said = await inTime()) response.write(AWAY);
        if (said === null || isOver()) break;
        response.write(said);
        if (said === ENDED) break;
        if (isDue && said !== AWAY) lookedAt = performance.now();
        const pause = Math.min(waitMs, BEAT_MS);
        await sleep(pause, undefined, { signal: gone.signal }).catch(() => undefined);
      }
    } finally {
      for (const { of } of places) {
        const left = (this.#streams.get(of) ?? 1) - 1;
        if (left > 0) this.#streams.set(of, left);
        else this.#streams.delete(of);
      }
      this.#open.delete(response);
      response.end();
    }
  }

  /** Who watches asks again, of another replica. */
  onModuleDestroy(): void {
    this.#isClosing = true;
    for (const response of this.#open) response.end();
  }

  /** @param look null: only whether it goes on is asked. */
  async #said(request: Request, look: Look | null): Promise<string> {
    try {
      const session = await requireSession(request, this.platform, this.settings, new Date());
      return (await look?.(session)) ?? BEAT;
    } catch (error) {
      if (error instanceof Problem) return ENDED;
      this.platform.logger.warn({ reason: reasonOf(error) }, 'what a page watches could not be looked up');
      return AWAY;
    }
  }

  #look(tenantId: TenantId, hours: number): Promise<Overview> {
    const key = `${tenantId} ${hours}`;
    const now = Date.now();
    const before = this.#looks.get(key);
    if (before !== undefined && now - before.at < everyMs(hours) - 500) return before.found;
    const found = overviewOf(this.platform.pool, tenantId, hours, new Date(now));
    this.#looks.set(key, { at: now, found });
    found.catch(() => this.#looks.delete(key));
    return found;
  }
}

/** What is new, as a server-sent event; null: nothing is. */
type Look = (session: ConsoleSession) => Promise<string | null>;

/** As the browser's EventSource reads it (HTML, server-sent events). */
const eventOf = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
/** Also keeps proxies, and the page, from taking the connection for dead. */
const BEAT = eventOf('beat', {});
const AWAY = eventOf('away', {});
const ENDED = eventOf('ended', {});
