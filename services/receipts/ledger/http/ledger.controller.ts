// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { reasonOf } from '@securemail/event-log';
import { HASH_OCTETS, TILE_WIDTH, tilePath, verifierKey } from '@securemail/ledger';
import {
  PLATFORM,
  Problem,
  readQuery,
  requireOwnName,
  requirePrincipal,
  type Platform,
  type Principal,
} from '@securemail/service';
import type { Request, Response } from 'express';
import { lastCheckpoint } from '../adapters/checkpoints.ts';
import { proveConsistency } from '../adapters/consistency.ts';
import type { LedgerSigner } from '../adapters/ledger-signer.ts';
import { tilesOf, widthOf } from '../adapters/tiles.ts';
import { exportLedger } from '../export-ledger.ts';
import { noteExport } from '../note-export.ts';
import { LEDGER_SIGNER } from '../tokens.ts';
import { clockAhead } from './clock-ahead.ts';
import { ConsistencyQuery, ExportQuery } from './ledger.requests.ts';

/** `000`, `x001/x234/067`, `067.p/12` (C2SP tlog-tiles). */
const TILE = /^(?<level>\d|[1-5]\d|6[0-3])\/(?<groups>(?:x\d{3}\/)*\d{3})(?:\.p\/(?<width>[1-9]\d{0,2}))?$/;

/** What proves the history of an organisation, for who may audit it. */
@Controller('v1/ledger')
export class LedgerController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(LEDGER_SIGNER) private readonly signer: LedgerSigner | null,
  ) {}

  @Get('key')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  key(@Req() request: Request): string {
    const { tenantId } = this.#auditor(request);
    return this.#signing()
      .verifiersOf(tenantId)
      .map((each) => `${verifierKey(each)}\n`)
      .join('');
  }

  @Get('checkpoint')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  async checkpoint(@Req() request: Request): Promise<string> {
    const { tenantId } = this.#auditor(request);
    this.#signing();
    const last = await lastCheckpoint(this.platform.pool, tenantId);
    if (last === null) throw new Problem('not-found', 'Nothing was recorded yet.');
    return last.note;
  }

  @Get('consistency')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  async consistency(@Req() request: Request, @Query() query: unknown): Promise<string> {
    const { tenantId } = this.#auditor(request);
    this.#signing();
    const { former, latter = null } = readQuery(ConsistencyQuery, query);
    const proof = await proveConsistency(this.platform.pool, tenantId, former, latter);
    if (typeof proof === 'string') return proof;
    if (proof.refused === 'unsigned')
      throw new Problem('not-found', 'Nothing was signed when the ledger had so many leaves.');
    const message = `is more than the ${proof.size} leaves that the ledger has: who was shown more has proof that some were taken away`;
    throw new Problem('invalid-request', '1 field(s) are wrong.', { errors: [{ path: 'former', message }] });
  }

  @Get('tile/*path')
  async tile(
    @Req() request: Request,
    @Param('path') path: string | string[],
    @Res() response: Response,
  ): Promise<void> {
    const { tenantId } = this.#auditor(request);
    const text = Array.isArray(path) ? path.join('/') : path;
    const named = text.match(TILE)?.groups;
    const [level, width] = [Number(named?.['level']), Number(named?.['width'] ?? TILE_WIDTH)];
    const index = Number(named?.['groups']?.replaceAll(/[x/]/g, ''));
    // Of the ways to write a number one is right.
    const isOne =
      named !== undefined &&
      Number.isSafeInteger(index) &&
      width <= TILE_WIDTH &&
      `tile/${text}` === tilePath(level, index, width);
    const { pool } = this.platform;
    const isThere = isOne && width <= (await widthOf(pool, tenantId, level, index));
    const hashes = isThere ? await tilesOf(pool, tenantId)(level, index) : null;
    if (hashes === null)
      throw new Problem('not-found', `The ledger has no such tile, as \`${tilePath(0, 0)}\` is one.`);
    response
      .set('Cache-Control', width === TILE_WIDTH ? 'private, max-age=31536000, immutable' : 'no-store')
      .type('application/octet-stream')
      .send(Buffer.from(hashes.subarray(0, width * HASH_OCTETS)));
  }

  /** Streamed: however much it is, little of it is in memory. */
  @Get('export')
  async export(@Req() request: Request, @Query() query: unknown, @Res() response: Response): Promise<void> {
    const principal = this.#auditor(request);
    const { tenantId, keyId } = principal;
    const signer = this.#signing();
    const { emailId, from, to, by, reason } = readQuery(ExportQuery, query);
    requireOwnName(principal, by);
    const wanted =
      emailId === undefined
        ? { from: from === undefined ? null : new Date(from), to: to === undefined ? null : new Date(to) }
        : { emailId };
    const { pool } = this.platform;
    const ready = await exportLedger({ pool, tenantId, signer }, wanted, new Date());
    if ('refused' in ready) throw clockAhead(ready.recordedAt, 'Export to the end: leave out `to`.');
    if (emailId !== undefined && ready.scope.count === 0)
      throw new Problem('email-not-found', 'The ledger has nothing of such an email.');
    await noteExport(this.platform, tenantId, ready, { keyId, by, reason });
    response
      .set('Cache-Control', 'no-store')
      .set('Content-Disposition', `attachment; filename="audit-${emailId ?? ready.checkpoint.size}.jsonl"`)
      .type('application/jsonl');
    try {
      await pipeline(Readable.from(ready.pieces), response);
    } catch (error) {
      // Who goes away in the middle has a file that its reader calls truncated; so has who is left, and somebody has to know.
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
        this.platform.logger.warn({ tenantId, reason: reasonOf(error) }, 'an export of the ledger broke off');
    }
  }

  #auditor(request: Request): Principal {
    return requirePrincipal(request, this.platform.tenants.values(), 'audit');
  }

  #signing(): LedgerSigner {
    if (this.signer === null)
      throw new Problem('not-found', 'The ledger is kept, but nobody signs it: set `receipts.ledger`.');
    return this.signer;
  }
}
