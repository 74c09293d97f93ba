// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, type Type } from '@nestjs/common';
import { EmailId, EventId, newEmailId, type ServiceName } from '@securemail/contracts';
import { findDeadLetter, listDeadLetters, replaying, type DeadLetter } from '@securemail/event-log';
import { currentTraceparent } from '@securemail/telemetry';
import type { Request } from 'express';
import { z } from 'zod';
import type { Principal } from '../api-keys.ts';
import type { Platform } from '../platform.ts';
import { PLATFORM } from '../tokens.ts';
import { requireOwnName, requirePrincipal } from './bearer.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { DeadLettersQuery, ReplayRequest, type DeadLetterView } from './dead-letters.requests.ts';
import { jsonBody } from './json-body.ts';
import { noteListShown } from './list-shown.ts';
import { Problem } from './problem.ts';
import { readQuery } from './read-query.ts';

/** What a service could not deal with: each service answers for its own, under its own name. */
export function deadLettersOf(service: ServiceName): Type {
  @Controller(`v1/dead-letters/${service}`)
  class DeadLettersController {
    constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

    @Get()
    async list(
      @Req() request: Request,
      @Query() query: unknown,
    ): Promise<{ deadLetters: DeadLetterView[]; next: string | null }> {
      // Who may see an email may know why it does not go on.
      const isOfOneEmail = Object.hasOwn(query as object, 'emailId');
      const principal = isOfOneEmail ? this.#reader(request) : this.#operator(request);
      const { status, emailId, limit, cursor } = readQuery(DeadLettersQuery, query);
      const { tenantId } = principal;
      await noteListShown(this.platform, principal, 'dead-letters', { status, emailId });
      const found = await listDeadLetters(this.platform.pool, {
        tenantId,
        limit: limit + 1,
        ...(status === undefined ? {} : { status }),
        ...(emailId === undefined ? {} : { emailId }),
        ...(cursor === undefined ? {} : { after: readCursor(cursor, z.int().nonnegative()) }),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        deadLetters: page.map((letter) => viewOf(service, letter)),
        next: found.length > limit && last !== undefined ? cursorOf(last.arrived) : null,
      };
    }

    @Post(':arrived/replay')
    @HttpCode(202)
    async replay(@Req() request: Request, @Param('arrived') named: string): Promise<DeadLetterView> {
      const principal = this.#operator(request);
      const { by, reason } = await jsonBody(request, ReplayRequest);
      requireOwnName(principal, by);
      const letter = await this.#find(named, principal);
      const { pool, store } = this.platform;
      const appended = await store.append(
        pool,
        { emailId: newEmailId(), tenantId: principal.tenantId },
        0,
        [
          {
            name: 'DeadLetterReplayed',
            data: {
              replayed: {
                emailId: EmailId.parse(letter.emailId),
                eventId: EventId.parse(letter.eventId),
                eventName: letter.eventName ?? '',
              },
              keyId: principal.keyId,
            },
            personal: { by, reason },
          },
        ],
        { traceparent: currentTraceparent(), when: replaying(letter.arrived) },
      );
      if (appended.length === 0)
        throw new Problem('dead-letter-not-parked', 'It is tried again already. Nothing was changed.');
      return viewOf(service, { ...letter, status: 'retrying', attempts: 0, nextAttemptAt: new Date() });
    }

    #operator(request: Request): Principal {
      return requirePrincipal(request, this.platform.tenants.values(), 'dead-letters:replay');
    }

    #reader(request: Request): Principal {
      return requirePrincipal(request, this.platform.tenants.values(), 'emails:read', 'dead-letters:replay');
    }

    async #find(named: string, { tenantId }: Principal): Promise<DeadLetter> {
      const arrived = /^[1-9][0-9]{0,14}$/.test(named) ? Number(named) : null;
      const found = arrived === null ? null : await findDeadLetter(this.platform.pool, arrived);
      if (found?.arrival.kind !== 'event' || found.arrival.event.tenantId !== tenantId)
        throw new Problem('dead-letter-not-found', `${service} keeps none of your organisation so numbered.`);
      return found;
    }
  }
  return DeadLettersController;
}

/** Without the event itself: who replays need not read it. */
const viewOf = (
  service: ServiceName,
  {
    arrived: number,
    arrival: _,
    endings: __,
    firstFailedAt,
    lastFailedAt,
    nextAttemptAt,
    ...letter
  }: DeadLetter,
): DeadLetterView => ({
  service,
  number,
  ...letter,
  firstFailedAt: firstFailedAt.toISOString(),
  lastFailedAt: lastFailedAt.toISOString(),
  nextAttemptAt: letter.status === 'retrying' ? nextAttemptAt.toISOString() : null,
});
