// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Header, Inject, Param, Query, Req } from '@nestjs/common';
import { EmailId } from '@securemail/contracts';
import { openNote, parseCheckpoint } from '@securemail/ledger';
import { PLATFORM, Problem, readQuery, requirePrincipal, type Platform } from '@securemail/service';
import type { Request } from 'express';
import { noteInspection } from '../../console/looks.ts';
import { languagesOf } from '../../http/language.ts';
import { eventView, shownTo, viewOf } from '../../http/view.ts';
import { aheadOf } from '../adapters/ahead.ts';
import { lastCheckpoint } from '../adapters/checkpoints.ts';
import type { LedgerSigner } from '../adapters/ledger-signer.ts';
import { sizeOf } from '../adapters/read-ledger.ts';
import { lastVerification } from '../adapters/verifications.ts';
import { replay } from '../replay.ts';
import { replayEmail } from '../replay-email.ts';
import { LEDGER_SIGNER } from '../tokens.ts';
import { clockAhead } from './clock-ahead.ts';
import { ReplayQuery } from './ledger.requests.ts';

/** What an auditor looks at before he takes anything out. */
@Controller('v1/ledger')
export class AuditController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(LEDGER_SIGNER) private readonly signer: LedgerSigner | null,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async show(@Req() request: Request) {
    const { tenantId } = requirePrincipal(request, this.platform.tenants.values(), 'audit');
    const { pool } = this.platform;
    const [size, last, verification] = await Promise.all([
      sizeOf(pool, tenantId),
      lastCheckpoint(pool, tenantId),
      lastVerification(pool, tenantId),
    ]);
    const checkpoint = last === null ? null : parseCheckpoint(openNote(last.note, [])?.text ?? '');
    return {
      origin: this.signer?.originOf(tenantId) ?? null,
      size,
      checkpoint:
        last === null || checkpoint === null
          ? null
          : {
              size: checkpoint.size,
              root: Buffer.from(checkpoint.root).toString('base64'),
              signedAt: last.signedAt.toISOString(),
              note: last.note,
            },
      verification: verification && {
        ...verification,
        beganAt: verification.beganAt.toISOString(),
        endedAt: verification.endedAt.toISOString(),
      },
    };
  }

  /** Whatever the ledger has under this id: an email, or what a person did in one session. */
  @Get('replay/:emailId')
  @Header('Cache-Control', 'no-store')
  async replay(@Req() request: Request, @Param('emailId') id: string, @Query() query: unknown) {
    const principal = requirePrincipal(request, this.platform.tenants.values(), 'audit');
    // It tells who wrote to whom, which an export does not.
    if (!principal.scopes.includes('emails:read'))
      throw new Problem('forbidden', 'The key lacks the scope "emails:read".');
    const { tenantId } = principal;
    const { at, leaf } = readQuery(ReplayQuery, query);
    const { pool, store } = this.platform;
    const emailId = EmailId.safeParse(id);
    if (!emailId.success) throw notFound();
    const isNow = at === undefined && leaf === undefined;
    const ahead = at === undefined ? null : await aheadOf(pool, tenantId, new Date(at));
    if (ahead !== null) throw clockAhead(ahead, 'Replay to a `leaf`, or to now: leave out `at`.');
    const until = { at: at === undefined ? undefined : new Date(at), leaf };
    const { recorded, projected, unreadable } = await replayEmail(pool, tenantId, emailId.data, until);
    const differences = isNow
      ? (await replay(pool, tenantId, { emailIds: [emailId.data] })).differences
      : null;
    const isKnown =
      recorded.length + unreadable.length > 0 ||
      (isNow
        ? differences?.length !== 0
        : (await replayEmail(pool, tenantId, emailId.data, {})).recorded.length > 0);
    if (!isKnown) throw notFound();
    await noteInspection(this.platform, principal, emailId.data);
    const opened = await Promise.all(
      recorded.map(async ({ event, ...of }) => ({ ...of, event: await store.open(event) })),
    );
    const email = viewOf(
      opened.map(({ event }) => event),
      languagesOf(this.platform),
    );
    return {
      emailId: emailId.data,
      events: opened.map(({ leaf: place, recordedAt, event }) => ({
        leaf: place,
        recordedAt: recordedAt.toISOString(),
        ...eventView(event, principal.person !== undefined),
      })),
      email: email && shownTo(principal)(email),
      projected,
      differences,
      unreadable,
    };
  }
}

const notFound = () => new Problem('email-not-found', 'The ledger has nothing of such an email.');
