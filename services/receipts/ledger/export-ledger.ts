// SPDX-License-Identifier: Apache-2.0
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { writeExport, type Checkpoint, type Leaf, type Scope } from '@securemail/ledger';
import { aheadOf } from './adapters/ahead.ts';
import { LedgerTouchedError, signCheckpoint } from './adapters/checkpoints.ts';
import type { LedgerSigner } from './adapters/ledger-signer.ts';
import { firstSince, leavesIn, leavesOf } from './adapters/read-ledger.ts';
import { tilesOf } from './adapters/tiles.ts';

/** What is wanted: one email, or what was recorded from a time on, before another. */
export type Wanted = { emailId: EmailId } | { from: Date | null; to: Date | null };

export interface ReadyExport {
  scope: Scope;
  checkpoint: Checkpoint;
  /** The file, in pieces. */
  pieces: AsyncGenerator<string, void, undefined>;
}

/** What was recorded before the end that is asked for can't be told: `recordedAt`, which follows it, is a time yet to come. */
export interface NoExport {
  refused: 'clock-ahead';
  recordedAt: Date;
}

/** Signs how far the ledger has come, and exports of that what is wanted. What comes later is not in it. */
export async function exportLedger(
  { pool, tenantId, signer }: { pool: Pool; tenantId: TenantId; signer: LedgerSigner },
  wanted: Wanted,
  now: Date,
): Promise<ReadyExport | NoExport> {
  const ahead = 'to' in wanted && wanted.to !== null ? await aheadOf(pool, tenantId, wanted.to) : null;
  if (ahead !== null) return { refused: 'clock-ahead', recordedAt: ahead };
  const { checkpoint, note } = await signCheckpoint(pool, tenantId, signer, now).catch((error: unknown) => {
    // Held against what was signed before it was touched, the file says where.
    if (error instanceof LedgerTouchedError) return error.last;
    throw error;
  });
  const { size } = checkpoint;
  const { scope, leaves } =
    'emailId' in wanted
      ? await ofEmail(pool, tenantId, wanted.emailId, size)
      : await ofRange(pool, tenantId, wanted, size);
  const pieces = writeExport({
    scope,
    exportedAt: now,
    checkpoint,
    note,
    leaves,
    readTile: tilesOf(pool, tenantId),
    sign: (text) => signer.sign(text, tenantId),
  });
  return { scope, checkpoint, pieces };
}

interface Chosen {
  scope: Scope;
  leaves: AsyncIterable<Leaf>;
}

async function ofEmail(pool: Pool, tenantId: TenantId, emailId: EmailId, size: number): Promise<Chosen> {
  const leaves = await leavesOf(pool, tenantId, emailId, size);
  return {
    scope: { kind: 'email', emailId, count: leaves.length },
    // eslint-disable-next-line @typescript-eslint/require-await -- There are few of them.
    leaves: (async function* () {
      yield* leaves;
    })(),
  };
}

/** With the leaf before and the one after it, so that who reads sees that nothing is missing at either end. */
async function ofRange(
  pool: Pool,
  tenantId: TenantId,
  { from, to }: { from: Date | null; to: Date | null },
  size: number,
): Promise<Chosen> {
  const begin = from === null ? 0 : await firstSince(pool, tenantId, from, size);
  const after = to === null ? size : await firstSince(pool, tenantId, to, size);
  const first = Math.max(begin - 1, 0);
  const end = Math.max(Math.min(after + 1, size), first);
  return {
    scope: {
      kind: 'range',
      from: from?.toISOString() ?? null,
      to: to?.toISOString() ?? null,
      first,
      count: end - first,
    },
    leaves: leavesIn(pool, tenantId, first, end),
  };
}
