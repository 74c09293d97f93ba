// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { EmailId } from '@securemail/contracts';
import {
  cursorOf,
  cursorTime,
  jsonBody,
  PLATFORM,
  Problem,
  readCursor,
  readQuery,
  requireOwnName,
  requirePrincipal,
  type Platform,
  type Principal,
} from '@securemail/service';
import type { Request } from 'express';
import { z } from 'zod';
import { countEndedBefore } from '../adapters/ended-emails.ts';
import { listHolds, type LegalHold } from '../adapters/legal-holds.ts';
import { eraseEmail, type Erased, type Erasing } from '../erase-email.ts';
import { keptSince } from '../keeper.ts';
import { liftHold, placeHold, wordsOf } from '../legal-holds.ts';
import { ERASING } from '../tokens.ts';
import {
  ErasureRequest,
  HoldRequest,
  HoldsQuery,
  LiftRequest,
  type ErasureAnswer,
  type HoldAnswer,
  type RetentionAnswer,
} from './retention.requests.ts';

const MOST_COUNTED = 10_000;
const MOST_HOLDS = 200;
const Place = z.tuple([cursorTime, EmailId]);

/** How long emails are kept, who has one erased before that, and what forbids it. */
@Controller('v1')
export class RetentionController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(ERASING) private readonly erasing: Erasing,
  ) {}

  @Get('retention')
  async show(@Req() request: Request): Promise<RetentionAnswer> {
    const { tenantId } = this.#onlooker(request);
    const keepDays = this.platform.tenants.get(tenantId)?.retention.keepDays ?? null;
    const { pool } = this.platform;
    const [due, holds] = await Promise.all([
      keepDays === null ? 0 : countEndedBefore(pool, tenantId, keptSince(new Date(), keepDays), MOST_COUNTED),
      listHolds(pool, { tenantId, lifted: false, after: null, limit: MOST_HOLDS }),
    ]);
    return { keepDays, due, legalHolds: holds.length };
  }

  @Post('erasures')
  @HttpCode(200)
  async erase(@Req() request: Request): Promise<ErasureAnswer> {
    const principal = this.#keeper(request);
    const { emailId, dryRun, by, reason } = await jsonBody(request, ErasureRequest);
    requireOwnName(principal, by);
    const { tenantId, keyId } = principal;
    const erased = await eraseEmail(
      this.erasing,
      { tenantId, emailId },
      { by, reason, keyId },
      { now: new Date(), isDryRun: dryRun },
    );
    return answerTo(emailId, erased);
  }

  @Get('legal-holds')
  async list(
    @Req() request: Request,
    @Query() query: unknown,
  ): Promise<{ legalHolds: HoldAnswer[]; next: string | null }> {
    const { tenantId, person } = this.#onlooker(request);
    // They name people and suspicions, and no event would say who read that.
    if (person !== undefined)
      throw new Problem(
        'forbidden',
        'Legal holds are listed to a key of the API: nothing would tell that you saw them.',
      );
    const { lifted, limit, cursor } = readQuery(HoldsQuery, query);
    const [placedAt, holdId] = cursor === undefined ? [] : readCursor(cursor, Place);
    const found = await listHolds(this.platform.pool, {
      tenantId,
      lifted,
      after: placedAt === undefined || holdId === undefined ? null : { placedAt, holdId },
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      legalHolds: await Promise.all(page.map((hold) => this.#view(hold))),
      next:
        found.length > limit && last !== undefined
          ? cursorOf([last.placedAt.toISOString(), last.holdId])
          : null,
    };
  }

  @Post('legal-holds')
  async place(@Req() request: Request): Promise<HoldAnswer> {
    const principal = this.#keeper(request);
    const { by, reason, emailId, address } = await jsonBody(request, HoldRequest);
    requireOwnName(principal, by);
    const { tenantId, keyId } = principal;
    const covered =
      emailId !== undefined ? { emailId } : address !== undefined ? { sought: address } : 'everything';
    const hold = await placeHold(this.erasing, tenantId, covered, { by, reason, keyId }, new Date());
    if (hold === null) throw notFound();
    return this.#view(hold);
  }

  @Post('legal-holds/:holdId/lift')
  @HttpCode(200)
  async lift(@Req() request: Request, @Param('holdId') id: string): Promise<HoldAnswer> {
    const principal = this.#keeper(request);
    const { by, reason } = await jsonBody(request, LiftRequest);
    requireOwnName(principal, by);
    const { tenantId, keyId } = principal;
    const holdId = EmailId.safeParse(id);
    const lifted = holdId.success
      ? await liftHold(this.platform, tenantId, holdId.data, { by, reason, keyId }, new Date())
      : null;
    if (lifted === null)
      throw new Problem('legal-hold-not-found', 'No legal hold of your organisation has this id.');
    // Lifted before: it is as it was to be.
    return this.#view(lifted.hold);
  }

  async #view({ placedAt, liftedAt, ...hold }: LegalHold): Promise<HoldAnswer> {
    const { sought, by, reason } = await wordsOf(this.platform, hold.holdId);
    return {
      ...hold,
      address: sought !== null && hold.covers === 'domain' ? `@${sought}` : sought,
      by,
      reason,
      placedAt: placedAt.toISOString(),
      liftedAt: liftedAt?.toISOString() ?? null,
    };
  }

  #keeper(request: Request): Principal {
    return requirePrincipal(request, this.platform.tenants.values(), 'retention');
  }

  /** Who audits sees what is kept for how long, and why. */
  #onlooker(request: Request): Principal {
    return requirePrincipal(request, this.platform.tenants.values(), 'retention', 'audit');
  }
}

const notFound = () => new Problem('email-not-found', 'No email of your organisation has this id.');

const WAITS = {
  protection: 'It is still to be protected.',
  delivery: 'Somebody of it is still under way.',
  attempt: 'Somebody of it is still under way.',
  retry: 'Somebody of it is still under way.',
  receipt: 'Its sender is still to be told how it went.',
  'receipt-mail': 'Its receipt is still on its way.',
  decision: 'Somebody of it is held: release or reject it first.',
  reading: 'It can be read in SecureMailBox: take it back first.',
} as const;

function answerTo(emailId: EmailId, erased: Erased): ErasureAnswer {
  switch (erased.outcome) {
    case 'erased':
    case 'erased-before':
      return { emailId, erasedAt: erased.erasedAt, wasErased: erased.outcome === 'erased-before' };
    case 'erasable':
      return { emailId, erasedAt: null, wasErased: false };
    case 'not-found':
      throw notFound();
    case 'not-ended':
      throw new Problem('email-not-ended', WAITS[erased.waitsFor], {
        ...(erased.until === null ? {} : { until: erased.until }),
      });
    case 'legal-hold':
      throw new Problem(
        'legal-hold',
        `Legal hold ${erased.hold.holdId} of ${erased.hold.placedAt.toISOString()} covers it.`,
      );
    default:
      return erased satisfies never;
  }
}
